/** The stack: the connector, the resources it imports, and the outputs. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { operations } from '../shared/operations/catalogue.ts';
import type { ConnectorConfig } from './config.ts';
import { VirusTotalConnector } from './constructs/virustotal-connector.ts';

/** Settings of the stack. */
export interface VirusTotalConnectorStackProps extends StackProps {
  /** The settings of the CDK context. */
  readonly config: ConnectorConfig;
}

/** The connector deployed as a stack. */
export class VirusTotalConnectorStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: VirusTotalConnectorStackProps) {
    super(scope, id, props);
    const bucketKey = this.#key('UploadBucketKey', config.uploadBucketKmsKeyArn);
    const secretKey = this.#key('ApiKeySecretKey', config.apiKeySecretKmsKeyArn);
    const connector = new VirusTotalConnector(this, 'VirusTotalConnector', {
      ...config,
      logRetention: config.logRetentionDays,
      scanFilter: {
        prefixes: config.scanPrefixes,
        suffixes: config.scanSuffixes,
        minBytes: config.scanMinBytes,
        maxBytes: config.scanMaxBytes,
      },
      apiKeySecret: this.#secret('ApiKeySecret', config.apiKeySecretArn, secretKey),
      apiKeySecretEncryptionKey: secretKey,
      uploadBucket: this.#bucket('UploadBucket', config.uploadBucketName, bucketKey),
      uploadBucketEncryptionKey: bucketKey,
      eventBus: this.#eventBus(config.eventBusName),
    });
    this.#addBuckets(connector, config);
    this.#addOutputs(connector);
  }

  #addBuckets(connector: VirusTotalConnector, config: ConnectorConfig): void {
    for (const name of new Set(config.readBucketNames)) {
      connector.readFrom(Bucket.fromBucketName(this, `ReadBucket-${name}`, name));
    }
    for (const arn of new Set(config.scanBucketArns)) {
      const [name = ''] = arn.split(':').slice(-1);
      connector.scanBucket(Bucket.fromBucketArn(this, `ScanBucket-${name}`, arn));
    }
    for (const arn of new Set(config.readBucketKmsKeyArns)) {
      connector.decryptWith(Key.fromKeyArn(this, `ReadBucketKey-${arn}`, arn), 'read');
    }
    for (const arn of new Set(config.scanBucketKmsKeyArns)) {
      connector.decryptWith(Key.fromKeyArn(this, `ScanBucketKey-${arn}`, arn), 'scanned');
    }
  }

  #key(id: string, arn: string | undefined): IKey | undefined {
    return arn === undefined ? undefined : Key.fromKeyArn(this, id, arn);
  }

  #bucket(id: string, name: string | undefined, encryptionKey?: IKey): IBucket | undefined {
    if (name === undefined) return undefined;
    return Bucket.fromBucketAttributes(this, id, { bucketName: name, encryptionKey });
  }

  #eventBus(name: string | undefined): IEventBus | undefined {
    return name === undefined ? undefined : EventBus.fromEventBusName(this, 'EventBus', name);
  }

  #secret(id: string, arn: string | undefined, encryptionKey?: IKey): ISecret | undefined {
    if (arn === undefined) return undefined;
    // A complete ARN ends in a hyphen and six random characters that Secrets Manager appends.
    const isComplete = /-[A-Za-z0-9]{6}$/.test(arn);
    return Secret.fromSecretAttributes(this, id, {
      ...(isComplete ? { secretCompleteArn: arn } : { secretPartialArn: arn }),
      encryptionKey,
    });
  }

  #addOutputs(connector: VirusTotalConnector): void {
    const outputs: Record<string, string> = {
      ApiUrl: connector.api.url,
      UploadBucketName: connector.uploadBucket.bucketName,
      ReportBucketName: connector.reportBucket.bucketName,
      ApiKeySecretArn: connector.apiKeySecret.secretArn,
      ...(connector.quarantineBucket && {
        QuarantineBucketName: connector.quarantineBucket.bucketName,
      }),
      ...(connector.api.apiKey && { ApiKeyId: connector.api.apiKey.keyId }),
    };
    for (const operation of operations) {
      outputs[`${operation.id}FunctionArn`] = connector.functionOf(operation).functionArn;
    }
    for (const [name, { stateMachineArn }] of connector.playbooks.stateMachines) {
      outputs[`${name}StateMachineArn`] = stateMachineArn;
    }
    for (const [id, value] of Object.entries(outputs)) new CfnOutput(this, id, { value });
  }
}
