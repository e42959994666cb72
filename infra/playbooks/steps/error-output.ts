/** The end of a playbook that could not do its work: the error as an outcome. */
import { Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** The error of a call (`$.error`, see `callStep`) as `{ name, message }`. */
export const errorOfCall = {
  'name.$': '$.error.name',
  'message.$': '$.error.cause.errorMessage',
} as const;

/** Ends with `{ error: { name, message } }`. */
export function errorOutput(scope: Construct): Pass {
  return new Pass(scope, 'Return error', { parameters: { error: errorOfCall } });
}
