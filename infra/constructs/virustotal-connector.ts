/** The connector: its functions, their API, the secret and the upload bucket. */
import { Names, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type Operation, submitFile } from '../../shared/operations/catalogue.ts';
import { type NamedStateMachine, namedStateMachine } from '../playbooks/fixed-name.ts';
import { Playbooks } from '../playbooks/playbooks.ts';
import { ApiKeySecret, readSecret } from './api-key-secret.ts';
import { ConnectorApi } from './connector-api.ts';
import { ConnectorFunction, type ConnectorFunctionProps } from './connector-function.ts';
import type { ScanBucketOptions, VirusTotalConnectorProps } from './connector-props.ts';
import { warnOfExposure } from './connector-warnings.ts';
import { applyDenyUntilVerdict, type DenyUntilVerdict } from './deny-until-verdict.ts';
import { operationFunctions } from './operation-functions.ts';
import { QuarantineBucket } from './quarantine-bucket.ts';
import { RecordVerdict } from './record-verdict.ts';
import { ReportBucket } from './report-bucket.ts';
import { claimIn, StateTable } from './state-table.ts';
import { Submission } from './submission.ts';
import { submitFromQueue } from './submit-from-queue.ts';
import { readObjects, UploadBucket } from './upload-bucket.ts';
import { UploadTrigger } from './upload-trigger.ts';
import { wildcardFinding } from './wildcard-finding.ts';

/** A function that only playbooks call. */
type Helper = ConnectorFunctionProps['operation'];

const classifyIndicators: Helper = {
  id: 'ClassifyIndicators',
  stem: 'classify-indicators',
  summary: 'Tells the types of a mixed list of indicators.',
};
const keepReport: Helper = {
  id: 'KeepReport',
  stem: 'keep-report',
  summary: 'Keeps a whole report in the report bucket, and gives it back in short.',
};

/** Six operations on VirusTotal, each a function of its own, behind one REST API. */
export class VirusTotalConnector extends Construct {
  /** The REST API. */
  readonly api: ConnectorApi;
  /** Secret that holds the API key. */
  readonly apiKeySecret: ISecret;
  /** Bucket of a submission that names none. */
  readonly uploadBucket: IBucket;
  /** Table that claims uploaded objects, so that each is submitted once. */
  readonly stateTable: ITable;
  /** Bucket that whole reports are kept in. */
  readonly reportBucket: ReportBucket;
  /** Bucket that malicious uploads are moved to; undefined: they stay. */
  readonly quarantineBucket: QuarantineBucket | undefined;
  /** The playbooks, as state machines. */
  readonly playbooks: Playbooks;
  readonly #functions: ReadonlyMap<string, ConnectorFunction>;
  readonly #record: RecordVerdict;
  readonly #trigger: UploadTrigger;
  readonly #denyUntilVerdict: DenyUntilVerdict;

  constructor(scope: Construct, id: string, props: VirusTotalConnectorProps = {}) {
    super(scope, id);
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
    this.#functions = this.#createFunctions(props, submitFilePlaybook);
    this.readFrom(this.uploadBucket);
    this.#claimUploads();
    this.#handOver(submitFilePlaybook);
    this.api = new ConnectorApi(this, 'Api', {
      functions: this.#functions,
      auth: props.apiAuth,
      logRetention: props.logRetention,
    });
    const { logRetention } = props;
    const helper = (operation: Helper, environment = {}) =>
      new ConnectorFunction(this, operation.id, { operation, environment, logRetention });
    this.#record = new RecordVerdict(this, 'RecordVerdict', {
      reportBucket: this.reportBucket,
      stateTable: this.stateTable,
      eventBus: props.eventBus,
      quarantineBucket: this.quarantineBucket,
      logRetention,
    });
    const keep = helper(keepReport, { REPORT_BUCKET: this.reportBucket.bucketName });
    this.reportBucket.writeFrom(keep, 'enrichments/');
    this.playbooks = new Playbooks(this, 'Playbooks', {
      functionOf: (operation) => this.functionOf(operation),
      record: this.#record.lambda,
      classifyIndicators: helper(classifyIndicators).lambda,
      keepReport: keep.lambda,
      submitFileName: submitFilePlaybook.name,
      logRetention,
    });
    this.#trigger = new UploadTrigger(this, 'Trigger', {
      scanUpload: this.playbooks.scanUpload,
      record: this.#record.lambda,
      filter: props.scanFilter,
    });
    this.#trigger.keepFailures(this.functionOf(submitFile));
    this.#denyUntilVerdict = props.denyUntilVerdict ?? false;
    this.#scan('UploadBucket', this.uploadBucket);
    warnOfExposure(this, props);
  }

  /**
   * The function of an operation.
   *
   * @param operation - from the catalogue
   * @throws Error when the operation is not of the catalogue
   */
  functionOf(operation: Pick<Operation, 'id'>): IFunction {
    return this.#connectorFunction(operation).lambda;
  }

  /** Lets `submit_sample` read any object of another bucket, when a caller names it. */
  readFrom(bucket: IBucket): void {
    const { role } = this.#connectorFunction(submitFile);
    for (const statement of readObjects(bucket)) role.addToPrincipalPolicy(statement);
    Validations.of(role).acknowledge({
      id: wildcardFinding(this, bucket.arnForObjects('*')),
      reason: 'Any object of the bucket can be submitted; its key is not known beforehand.',
    });
  }

  /**
   * Scans what is uploaded to another bucket from now on, as with the upload bucket.
   *
   * @param bucket - created here, or imported: then its owner has to switch EventBridge on
   * @throws ConfigurationError that says what to do, when `denyUntilVerdict` holds for a bucket without
   * versions, or for one whose policy CDK cannot change
   */
  scanBucket(bucket: IBucket, options: ScanBucketOptions = {}): void {
    this.readFrom(bucket);
    // Buckets of different scopes may have the same id.
    this.#scan(Names.nodeUniqueId(bucket.node), bucket, options);
  }

  /**
   * Has `submit_sample` take the S3 events of a queue: notifications or EventBridge events, as they are or
   * inside an SNS envelope. The bucket that they tell of is named by `readFrom`.
   *
   * @param queue - with a dead-letter queue, `maxReceiveCount` of 2 or more, and a visibility time-out of
   *   at least the function's 15 minutes
   */
  submitFrom(queue: IQueue): void {
    submitFromQueue(this.#connectorFunction(submitFile), queue);
  }

  #scan(id: string, bucket: IBucket, options: ScanBucketOptions = {}): void {
    this.#trigger.addBucket(id, bucket);
    this.#record.actOn(bucket, bucket instanceof UploadBucket);
    applyDenyUntilVerdict(bucket, {
      denyUntilVerdict: options.denyUntilVerdict ?? this.#denyUntilVerdict,
      roles: {
        SubmitFile: this.#connectorFunction(submitFile).role,
        RecordVerdict: this.#record.role,
      },
    });
  }

  #claimUploads(): void {
    const { role } = this.#connectorFunction(submitFile);
    for (const statement of claimIn(this.stateTable)) role.addToPrincipalPolicy(statement);
  }

  #handOver({ arn }: NamedStateMachine): void {
    this.#connectorFunction(submitFile).role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [arn] }),
    );
  }

  #connectorFunction({ id }: Pick<Operation, 'id'>): ConnectorFunction {
    const found = this.#functions.get(id);
    if (!found) throw new Error(`${id} is no operation of the catalogue`);
    return found;
  }

  #createFunctions(
    props: VirusTotalConnectorProps,
    submitFilePlaybook: NamedStateMachine,
  ): ReadonlyMap<string, ConnectorFunction> {
    const { apiKeySecret, uploadBucket, stateTable } = this;
    const resources = { apiKeySecret, uploadBucket, stateTable, submitFilePlaybook };
    const created = operationFunctions(props, resources).map((one) => this.#createFunction(one));
    const { logRetention } = props;
    const submission = new Submission(this, 'Submission', { submitFilePlaybook, logRetention });
    return new Map<string, ConnectorFunction>(
      [...created, submission].map((one) => [one.node.id, one]),
    );
  }

  #createFunction(props: ConnectorFunctionProps): ConnectorFunction {
    const created = new ConnectorFunction(this, props.operation.id, props);
    for (const statement of readSecret(this.apiKeySecret)) {
      created.role.addToPrincipalPolicy(statement);
    }
    return created;
  }
}
