/** The secret that holds the VirusTotal API key. */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { decryptThrough } from './decrypt-through.ts';

/** Settings of the secret. */
export interface ApiKeySecretProps {
  /** KMS key that encrypts the value. @default - the account's key for Secrets Manager */
  readonly encryptionKey?: IKey;
}

/** A secret without a value: fill it after deployment, so that no template holds the key. */
export class ApiKeySecret extends Secret {
  constructor(scope: Construct, id: string, { encryptionKey }: ApiKeySecretProps = {}) {
    super(scope, id, {
      description: 'API key of VirusTotal: the bare key, or JSON { "apiKey": "..." }',
      encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Without a value, the L2 construct generates a random one, which would look like a key.
    const resource = this.node.defaultChild;
    if (resource instanceof CfnSecret) resource.generateSecretString = undefined;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'VirusTotal has no API call to rotate a key; its owner renews it by hand.',
    });
  }
}

/**
 * Permissions to read the secret's value, and nothing else.
 *
 * @param secret - created or imported; a partial ARN, without the six random characters at its end, is
 *   matched with six wildcards
 */
export function readSecret(secret: ISecret): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: [secret.secretFullArn ?? `${secret.secretArn}-??????`],
    }),
    ...decryptThrough(secret, 'secretsmanager', secret.encryptionKey),
  ];
}
