/** The connector: its functions, their API, the secret and the upload bucket. */
import { Annotations, Duration, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { HTTP_SUBMISSION_MAX_BYTES } from '../../shared/config.ts';
import {
  domainReputation,
  fileReputation,
  ipReputation,
  type Operation,
  submitFile,
  submitUrl,
  urlReputation,
} from '../../shared/operations.ts';
import type { VerdictPolicyInput } from '../../shared/schemas/verdict-policy.ts';
import type { ConnectorConfig } from '../config.ts';
import { type NamedStateMachine, namedStateMachine } from '../playbooks/fixed-name.ts';
import { Playbooks } from '../playbooks/playbooks.ts';
import { isSentInClear, parseServerUrl } from '../server-url.ts';
import { verdictPolicyText } from '../verdict-policy.ts';
import { ApiKeySecret, readSecret } from './api-key-secret.ts';
import { ConnectorApi } from './connector-api.ts';
import { ConnectorFunction, type ConnectorFunctionProps } from './connector-function.ts';
import { applyDenyUntilVerdict, type DenyUntilVerdict } from './deny-until-verdict.ts';
import { QuarantineBucket } from './quarantine-bucket.ts';
import { RecordVerdict } from './record-verdict.ts';
import { ReportBucket } from './report-bucket.ts';
import { claimIn, StateTable } from './state-table.ts';
import { Submission } from './submission.ts';
import { submitFromQueue } from './submit-from-queue.ts';
import { readObjects, UploadBucket } from './upload-bucket.ts';
import type { ScanFilter } from './upload-pattern.ts';
import { UploadTrigger } from './upload-trigger.ts';
import { wildcardFinding } from './wildcard-finding.ts';

/** What can be chosen of the connector; everything has a default. */
export interface VirusTotalConnectorProps {
  /** Server of the VirusTotal API; a bare host gets `https://`. @default 'https://www.virustotal.com' */
  readonly serverUrl?: string;
  /** Secret that holds the API key. @default - one is created, empty until it is filled */
  readonly apiKeySecret?: ISecret;
  /** Key that the created secret is encrypted with. @default - the account's key for Secrets Manager */
  readonly apiKeySecretEncryptionKey?: IKey;
  /** Whether the server's TLS certificate is verified. @default true */
  readonly verifySsl?: boolean;
  /** Which account the API key belongs to; with `public`, premium lists are not asked for. @default 'public' */
  readonly tier?: ConnectorConfig['tier'];
  /** How a submission treats a file that VirusTotal may know. @default - by the way of calling */
  readonly upload?: ConnectorConfig['upload'];
  /** With `if-unknown`, age from which a report is analysed anew, days. @default 30 */
  readonly maxReportAgeDays?: number;
  /**
   * Longest object that `POST /files` sends within the call, bytes; a longer one is handed to the playbook
   * `SubmitFile`. @default 32,000,000
   */
  readonly httpSubmissionMaxBytes?: number;
  /** Policy of verdicts whose call names none; see docs/VERDICT.md. @default 'balanced' */
  readonly verdictPolicy?: VerdictPolicyInput | string;
  /**
   * Whether nobody but the connector reads what is scanned and has no clean verdict; `external` takes
   * buckets whose policy CDK cannot change to have the statements (docs/DENY-UNTIL-VERDICT.md).
   * @default false
   */
  readonly denyUntilVerdict?: DenyUntilVerdict;
  /** How the API knows its callers. @default 'iam' */
  readonly apiAuth?: ConnectorConfig['apiAuth'];
  /** Bucket of a submission that names none. @default - one is created, and outlives the stack */
  readonly uploadBucket?: IBucket;
  /** Key that the created upload bucket encrypts with. @default - a key of S3's own */
  readonly uploadBucketEncryptionKey?: IKey;
  /** Which uploads are scanned. @default - all */
  readonly scanFilter?: ScanFilter;
  /** Whether a malicious upload is moved to a locked bucket. @default false */
  readonly quarantine?: boolean;
  /** How long nobody can delete what is in quarantine, days. @default 30 */
  readonly quarantineRetentionDays?: number;
  /** Bus that verdicts of uploads are sent to. @default - the account's default bus */
  readonly eventBus?: IEventBus;
  /** How long full reports are kept, days. @default 365 */
  readonly reportRetentionDays?: number;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** What can be chosen of a further bucket that is scanned. */
export interface ScanBucketOptions {
  /** Whether nobody but the connector reads what has no clean verdict. @default - as the connector's */
  readonly denyUntilVerdict?: DenyUntilVerdict;
}

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
    this.#denyUntilVerdict = props.denyUntilVerdict ?? false;
    this.#scan('UploadBucket', this.uploadBucket);
    this.#warn(props);
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
    this.#scan(bucket.node.id, bucket, options);
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
    const environment = {
      VIRUSTOTAL_SERVER_URL: props.serverUrl ?? 'https://www.virustotal.com',
      VIRUSTOTAL_API_KEY_SECRET_ARN: this.apiKeySecret.secretArn,
      VIRUSTOTAL_VERIFY_SSL: String(props.verifySsl ?? true),
    };
    const reputation = {
      ...environment,
      VIRUSTOTAL_VERDICT_POLICY: verdictPolicyText(
        props.verdictPolicy ?? 'balanced',
        'verdictPolicy',
      ),
    };
    const withTier = { ...reputation, VIRUSTOTAL_TIER: props.tier ?? 'public' };
    const all = [
      this.#submission(props, {
        ...environment,
        SUBMIT_FILE_STATE_MACHINE_ARN: submitFilePlaybook.arn,
      }),
      { operation: submitUrl, environment },
      { operation: fileReputation, environment: reputation },
      { operation: ipReputation, environment: withTier },
      { operation: domainReputation, environment: withTier },
      { operation: urlReputation, environment: reputation },
    ];
    const { logRetention } = props;
    const created = all.map((one) => this.#createFunction({ ...one, logRetention }));
    const submission = new Submission(this, 'Submission', { submitFilePlaybook, logRetention });
    return new Map<string, ConnectorFunction>(
      [...created, submission].map((one) => [one.node.id, one]),
    );
  }

  #submission(props: VirusTotalConnectorProps, environment: Readonly<Record<string, string>>) {
    return {
      operation: submitFile,
      environment: {
        ...environment,
        UPLOAD_BUCKET: this.uploadBucket.bucketName,
        STATE_TABLE: this.stateTable.tableName,
        HTTP_SUBMISSION_MAX_BYTES: String(
          props.httpSubmissionMaxBytes ?? HTTP_SUBMISSION_MAX_BYTES,
        ),
        VIRUSTOTAL_MAX_REPORT_AGE_DAYS: String(props.maxReportAgeDays ?? 30),
        ...(props.upload && { VIRUSTOTAL_UPLOAD: props.upload }),
      },
      // 650 MiB at S3's and VirusTotal's pace; more memory is more network and CPU for the digests.
      timeout: Duration.minutes(15),
      memorySize: 512,
    };
  }

  #createFunction(props: ConnectorFunctionProps): ConnectorFunction {
    const created = new ConnectorFunction(this, props.operation.id, props);
    for (const statement of readSecret(this.apiKeySecret)) {
      created.role.addToPrincipalPolicy(statement);
    }
    return created;
  }

  #warn({ serverUrl, verifySsl = true }: VirusTotalConnectorProps): void {
    const url = serverUrl === undefined ? null : parseServerUrl(serverUrl);
    if (url && isSentInClear(url)) {
      Annotations.of(this).addWarningV2(
        'virustotal-connector:sentInClear',
        `serverUrl ${serverUrl} is http: the API key and all indicators cross the network in clear`,
      );
    }
    if (!verifySsl) {
      Annotations.of(this).addWarningV2(
        'virustotal-connector:tlsNotVerified',
        'verifySsl is false: whoever stands between the functions and the server can read the API key',
      );
    }
  }
}
