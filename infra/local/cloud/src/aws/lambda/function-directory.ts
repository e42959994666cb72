/** Finds a function by any identifier that Lambda's API accepts. */
import { LOCAL_ACCOUNT, LOCAL_REGION, type LocalFunction } from '../../types.ts';
import { AwsRefusal } from '../http/refusal.ts';

/** Result of a lookup. */
export interface FoundFunction {
  /** ARN that a policy has to allow. */
  readonly arn: string;
  readonly found: LocalFunction | undefined;
}

const ARN = /^arn:aws:lambda:[^:]+:\d{12}:function:([^:]+)(?::([^:]+))?$/;
const PARTIAL_ARN = /^\d{12}:function:([^:]+)(?::([^:]+))?$/;
const NAME = /^([^:]+)(?::([^:]+))?$/;

/**
 * Finds a function.
 *
 * @param id - name, ARN, or partial ARN `<account>:function:<name>`, each with or without `:$LATEST`
 * @param qualifier - from the query string
 * @throws AwsRefusal for a version or an alias, which are not supported
 */
export function findFunction(
  functions: readonly LocalFunction[],
  id: string,
  qualifier: string | null,
): FoundFunction {
  const [, name = id, version = qualifier ?? '$LATEST'] =
    ARN.exec(id) ?? PARTIAL_ARN.exec(id) ?? NAME.exec(id) ?? [];
  const found = functions.find((each) => each.name === name);
  const arn = found?.arn ?? `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${name}`;
  if (version === '$LATEST') return { arn, found };
  const message = `Function not found: ${arn}:${version} (the local run has $LATEST only)`;
  throw new AwsRefusal('ResourceNotFoundException', message, 404);
}

/** Returns the error for a function that does not exist. */
export function functionNotFound(arn: string): AwsRefusal {
  return new AwsRefusal('ResourceNotFoundException', `Function not found: ${arn}`, 404);
}
