/** Permission to decrypt with a customer's KMS key, only through one service. */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';

/**
 * Allows decryption of data that an AWS service stores.
 *
 * @param scope - anything in the stack
 * @param service - the service that calls KMS, for example `s3`
 * @param key - undefined for an AWS managed key, which needs no permission
 */
export function decryptThrough(
  scope: IConstruct,
  service: 's3' | 'secretsmanager',
  key: IKey | undefined,
): PolicyStatement[] {
  if (!key) return [];
  const { urlSuffix } = Stack.of(scope);
  // A key belongs to the Region of the data, which may be another than that of the stack.
  const { region } = key.env;
  return [
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } },
    }),
  ];
}
