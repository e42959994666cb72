/** Decryption by a customer's KMS key, through one service only. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

/**
 * Lets a function decrypt what a service keeps for it.
 *
 * @param scope - anything in the stack
 * @param service - the service that calls KMS, for example `s3`
 * @param key - none for a key of AWS, which needs no permission
 */
export function decryptThrough(
  scope: IConstruct,
  service: 's3' | 'secretsmanager',
  key: IKey | undefined,
): PolicyStatement[] {
  if (!key) return [];
  const { region, urlSuffix } = Stack.of(scope);
  return [
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } },
    }),
  ];
}
