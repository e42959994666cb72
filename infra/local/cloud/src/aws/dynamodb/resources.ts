/** The ARNs that a request touches, as a policy names them. */
import { ownField } from '../../json.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../types.ts';

/** ARN of a table. */
export function tableArn(name: string): string {
  return `arn:aws:dynamodb:${LOCAL_REGION}:${LOCAL_ACCOUNT}:table/${name}`;
}

/** @param input - of the action, parsed from JSON */
export function resourcesOf(input: unknown): readonly string[] {
  const tables = ownField(input, 'RequestItems');
  if (typeof tables === 'object' && tables !== null) return Object.keys(tables).map(tableArn);
  const table = ownField(input, 'TableName');
  if (typeof table !== 'string') return ['*'];
  const index = ownField(input, 'IndexName');
  return [typeof index === 'string' ? `${tableArn(table)}/index/${index}` : tableArn(table)];
}
