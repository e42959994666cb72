/** The end of a playbook whose outcome is an error. */
import { Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** The error of a call (`$.error`, see `callStep`) as `{ name, message }`. */
export const errorOfCall = {
  'name.$': '$.error.name',
  'message.$': '$.error.cause.errorMessage',
} as const;

/** Returns `{ error: { name, message } }`. */
export function errorOutput(scope: Construct): Pass {
  return new Pass(scope, 'Return error', { parameters: { error: errorOfCall } });
}
