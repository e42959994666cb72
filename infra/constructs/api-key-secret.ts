/** The secret that holds the VirusTotal API key. */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret, type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { decryptThrough } from './decrypt-through.ts';

/** What can be chosen of the secret. */
export interface ApiKeySecretProps {
  /** Key that its value is encrypted with. @default - the account's key for Secrets Manager */
  readonly encryptionKey?: IKey;
}

/** A secret without a value: it is filled after deployment, so that the key is in no template. */
export class ApiKeySecret extends Secret {
  constructor(scope: Construct, id: string, { encryptionKey }: ApiKeySecretProps = {}) {
    super(scope, id, {
      description: 'API key of VirusTotal: the bare key, or JSON { "apiKey": "..." }',
      encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Without a value of its own the L2 construct asks for a random one, which would pass for a key.
    const resource = this.node.defaultChild;
    if (resource instanceof CfnSecret) resource.generateSecretString = undefined;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'VirusTotal offers no call that rotates a key: its owner renews it by hand.',
    });
  }
}

/**
 * What a function needs to read the secret's value, and nothing else of it.
 *
 * @param secret - created or imported; one imported by an ARN without its last six characters is
 *   matched by six wildcards
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
