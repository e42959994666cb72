/** The id of cdk-nag's finding on a wildcard in a policy; it contains the resolved resource. */
import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Returns the finding id by which to acknowledge a resource with a wildcard.
 *
 * @param scope - anything in the stack
 * @param resource - as in the policy statement
 */
export function wildcardFinding(scope: IConstruct, resource: string): string {
  return `AwsSolutions-IAM5[Resource::${flatten(Stack.of(scope).resolve(resource))}]`;
}

/** Concatenates joins; references become `<Id>`, attributes `<Id.Attribute>`. */
function flatten(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value) return `<${String(value.Ref)}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) {
    return `<${value['Fn::GetAtt'].join('.')}>`;
  }
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [delimiter, parts]: [string, unknown[]] = [value['Fn::Join'][0], value['Fn::Join'][1]];
    return parts.map(flatten).join(delimiter);
  }
  return JSON.stringify(value);
}
