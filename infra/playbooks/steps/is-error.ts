/** Which error was caught. */
import { Condition } from 'aws-cdk-lib/aws-stepfunctions';
import type { ErrorName } from '../../../shared/errors.ts';

/** Whether the error of a call (`callStep`) is one of these. */
export function isError(names: readonly ErrorName[]): Condition {
  return Condition.or(...names.map((name) => Condition.stringEquals('$.error.name', name)));
}
