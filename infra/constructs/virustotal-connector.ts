/** The connector: functions, API, playbooks, buckets and triggers. */
import { Names, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { configDefaults } from '../../shared/config.ts';
import { type Operation, submitFile } from '../../shared/operations/catalogue.ts';
import { type NamedStateMachine, namedStateMachine } from '../playbooks/fixed-name.ts';
import { Playbooks } from '../playbooks/playbooks.ts';
import { wildcardFinding } from '../wildcard-finding.ts';
import { ApiKeySecret } from './api-key-secret.ts';
import { ConnectorApi } from './connector-api.ts';
import type { ConnectorFunction } from './connector-function.ts';
import type { ScanBucketOptions, VirusTotalConnectorProps } from './connector-props.ts';
import { warnOfExposure } from './connector-warnings.ts';
import { decryptThrough } from './decrypt-through.ts';
import { applyDenyUntilVerdict, type DenyUntilVerdict } from './deny-until-verdict.ts';
import { requireOwnRegion } from './deployment-target.ts';
import { createApiFunctions } from './operation-functions.ts';
import { createPlaybookFunctions } from './playbook-functions.ts';
import { QuarantineBucket } from './quarantine-bucket.ts';
import { RecordVerdict } from './record-verdict.ts';
import { ReportBucket } from './report-bucket.ts';
import { StateTable } from './state-table.ts';
import { type SubmitFromOptions, submitFromQueue } from './submit-from-queue.ts';
import { readObjects, UploadBucket } from './upload-bucket.ts';
import { UploadTrigger } from './upload-trigger.ts';

/** Looks up and submits indicators on VirusTotal: over HTTP, from Step Functions, or on every S3 upload. */
export class VirusTotalConnector extends Construct {
  /** The REST API. */
  readonly api: ConnectorApi;
  /** Secret that holds the API key. */
  readonly apiKeySecret: ISecret;
  /** Bucket of submissions that name none. */
  readonly uploadBucket: IBucket;
  /** Table of claims on uploaded objects, so that each is submitted once. */
  readonly stateTable: ITable;
  /** Bucket for full reports. */
  readonly reportBucket: ReportBucket;
  /** Bucket that malicious uploads are moved to; undefined if they stay where they are. */
  readonly quarantineBucket: QuarantineBucket | undefined;
  /** The playbooks' state machines. */
  readonly playbooks: Playbooks;
  readonly #functions: ReadonlyMap<string, ConnectorFunction>;
  readonly #record: RecordVerdict;
  readonly #trigger: UploadTrigger;
  readonly #denyUntilVerdict: DenyUntilVerdict;

  constructor(scope: Construct, id: string, props: VirusTotalConnectorProps = {}) {
    super(scope, id);
    requireOwnRegion(this, props);
    this.apiKeySecret =
      props.apiKeySecret ??
      new ApiKeySecret(this, 'ApiKeySecret', { encryptionKey: props.apiKeySecretEncryptionKey });
    this.uploadBucket =
      props.uploadBucket ??
      new UploadBucket(this, 'UploadBucket', { encryptionKey: props.uploadBucketEncryptionKey });
    this.stateTable = new StateTable(this, 'StateTable');
    this.reportBucket = new ReportBucket(this, 'ReportBucket', {
      retentionDays: props.reportRetentionDays,
    });
    if (props.quarantine) {
      this.quarantineBucket = new QuarantineBucket(this, 'QuarantineBucket', {
        retentionDays: props.quarantineRetentionDays,
      });
    }
    const submitFilePlaybook = namedStateMachine(this, submitFile.id);
    const { apiKeySecret, uploadBucket, stateTable } = this;
    const resources = { apiKeySecret, uploadBucket, stateTable, submitFilePlaybook };
    this.#functions = createApiFunctions(this, props, resources);
    this.readFrom(this.uploadBucket);
    this.api = new ConnectorApi(this, 'Api', {
      functions: this.#functions,
      auth: props.apiAuth,
      accessLog: props.accountLogRole,
      logRetention: props.logRetention,
    });
    this.#record = this.#createRecordVerdict(props);
    this.playbooks = this.#createPlaybooks(props, submitFilePlaybook);
    this.#trigger = this.#createTrigger(props);
    this.#denyUntilVerdict = props.denyUntilVerdict ?? false;
    this.#scan('UploadBucket', this.uploadBucket);
    warnOfExposure(this, props);
  }

  /**
   * Returns the function of an operation.
   *
   * @param operation - from the catalogue
   * @throws Error if the operation is not in the catalogue
   */
  functionOf(operation: Pick<Operation, 'id'>): IFunction {
    return this.#connectorFunction(operation).lambda;
  }

  /** Lets `submit_sample` read objects of another bucket. Callers name the bucket. */
  readFrom(bucket: IBucket): void {
    const { role } = this.#connectorFunction(submitFile);
    for (const statement of readObjects(bucket)) role.addToPrincipalPolicy(statement);
    Validations.of(role).acknowledge({
      id: wildcardFinding(this, bucket.arnForObjects('*')),
      reason: 'Any object of the bucket may be submitted; keys are not known in advance.',
    });
  }

  /**
   * Scans uploads to another bucket from now on, like those to the upload bucket.
   *
   * @param bucket - created here, or imported: its owner then has to enable EventBridge notifications
   * @throws ConfigurationError if the bucket is in another account or Region, or `denyUntilVerdict` applies and
   * it is not versioned or CDK cannot change its policy; the message says what to do
   */
  scanBucket(bucket: IBucket, options: ScanBucketOptions = {}): void {
    this.readFrom(bucket);
    // Buckets in different scopes may have the same id.
    this.#scan(Names.nodeUniqueId(bucket.node), bucket, options);
  }

  /**
   * Lets the functions decrypt objects with a KMS key; needed for imported buckets that do not name theirs.
   *
   * @param of - objects that `submit_sample` reads, or uploads that are scanned
   */
  decryptWith(key: IKey, of: 'read' | 'scanned'): void {
    const { role } = this.#connectorFunction(submitFile);
    for (const each of of === 'scanned' ? [role, this.#record.role] : [role]) {
      for (const statement of decryptThrough(this, 's3', key)) each.addToPrincipalPolicy(statement);
    }
  }

  /**
   * Lets `submit_sample` consume S3 events from a queue: S3 notifications or EventBridge events, either plain or
   * in an SNS envelope. Call `readFrom` for the bucket that sends them.
   *
   * @param queue - with a dead-letter queue, a `maxReceiveCount` of 5 or more, and 90 minutes of visibility
   */
  submitFrom(queue: IQueue, options: SubmitFromOptions = {}): void {
    submitFromQueue(this.#connectorFunction(submitFile), queue, options);
    this.#trigger.keepFailedHandovers(this.playbooks.submitFile);
  }

  #scan(id: string, bucket: IBucket, options: ScanBucketOptions = {}): void {
    this.#trigger.addBucket(id, bucket, options.eventsAreForwarded);
    this.#record.actOn(bucket, bucket instanceof UploadBucket);
    this.playbooks.scanExisting.allow(bucket);
    applyDenyUntilVerdict(bucket, {
      denyUntilVerdict: options.denyUntilVerdict ?? this.#denyUntilVerdict,
      roles: {
        SubmitFile: this.#connectorFunction(submitFile).role,
        RecordVerdict: this.#record.role,
      },
    });
  }

  #createRecordVerdict({ eventBus, logRetention }: VirusTotalConnectorProps): RecordVerdict {
    const { reportBucket, stateTable, quarantineBucket } = this;
    const resources = { reportBucket, stateTable, quarantineBucket };
    return new RecordVerdict(this, 'RecordVerdict', { ...resources, eventBus, logRetention });
  }

  #createPlaybooks(
    { tier, scanFilter, logRetention, failOnError }: VirusTotalConnectorProps,
    { name: submitFileName }: NamedStateMachine,
  ): Playbooks {
    const { reportBucket } = this;
    const playbooks = new Playbooks(this, 'Playbooks', {
      ...createPlaybookFunctions(this, { reportBucket, scanFilter, logRetention }),
      functionOf: (operation) => this.functionOf(operation),
      record: this.#record.lambda,
      reportBucket,
      tier: tier ?? configDefaults.tier,
      submitFileName,
      failOnError,
      logRetention,
    });
    this.#record.verifyScansOf(playbooks.scanUpload);
    return playbooks;
  }

  #createTrigger({ scanFilter }: VirusTotalConnectorProps): UploadTrigger {
    const trigger = new UploadTrigger(this, 'Trigger', {
      scanUpload: this.playbooks.scanUpload,
      record: this.#record.lambda,
      filter: scanFilter,
    });
    trigger.keepFailures(this.functionOf(submitFile));
    return trigger;
  }

  #connectorFunction({ id }: Pick<Operation, 'id'>): ConnectorFunction {
    const found = this.#functions.get(id);
    if (!found) throw new Error(`${id} is not an operation of the catalogue`);
    return found;
  }
}
