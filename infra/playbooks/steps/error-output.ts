/** The end of a playbook whose outcome is an error. */
import { Fail, type IChainable, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { PlaybookProps } from '../playbook.ts';

/** The error of a call (`$.error`, see `callStep`) as `{ name, message }`. */
export const errorOfCall = {
  'name.$': '$.error.name',
  'message.$': '$.error.cause.errorMessage',
} as const;

/** Returns `{ error: { name, message } }`, or fails with it (`failOnError`). */
export function errorOutput(
  scope: Construct,
  { failOnError }: Pick<PlaybookProps, 'failOnError'>,
): IChainable {
  if (failOnError) {
    const { 'name.$': errorPath, 'message.$': causePath } = errorOfCall;
    return new Fail(scope, 'Return error', { errorPath, causePath });
  }
  return new Pass(scope, 'Return error', { parameters: { error: errorOfCall } });
}
