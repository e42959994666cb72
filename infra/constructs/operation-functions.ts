/** The operations' functions, with environment, memory and timeout of each. */
import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { configDefaults } from '../../shared/config.ts';
import {
  domainReputation,
  fileReputation,
  ipReputation,
  submitFile,
  submitUrl,
  urlReputation,
} from '../../shared/operations/catalogue.ts';
import type { NamedStateMachine } from '../playbooks/fixed-name.ts';
import { verdictPolicyText } from '../verdict-policy.ts';
import type { ConnectorFunctionProps } from './connector-function.ts';
import type { VirusTotalConnectorProps } from './connector-props.ts';

/** Resources that the functions use. */
export interface OperationResources {
  readonly apiKeySecret: ISecret;
  readonly uploadBucket: IBucket;
  readonly stateTable: ITable;
  /** Submits files that are too large for an HTTP call. */
  readonly submitFilePlaybook: NamedStateMachine;
}

/** Settings of the functions of the six operations that call VirusTotal. */
export function operationFunctions(
  props: VirusTotalConnectorProps,
  resources: OperationResources,
): ConnectorFunctionProps[] {
  const { logRetention } = props;
  const environment = {
    VIRUSTOTAL_SERVER_URL: props.serverUrl ?? configDefaults.serverUrl,
    VIRUSTOTAL_API_KEY_SECRET_ARN: resources.apiKeySecret.secretArn,
    VIRUSTOTAL_VERIFY_SSL: String(props.verifySsl ?? configDefaults.verifySsl),
  };
  const policy = verdictPolicyText(props.verdictPolicy ?? 'balanced', 'verdictPolicy');
  const reputation = { ...environment, VIRUSTOTAL_VERDICT_POLICY: policy };
  const withTier = { ...reputation, VIRUSTOTAL_TIER: props.tier ?? configDefaults.tier };
  const submission = { ...environment, ...submissionEnvironment(props, resources) };
  return [
    // Time for 650 MiB from S3 to VirusTotal; more memory brings more network and CPU for the digests.
    {
      operation: submitFile,
      environment: submission,
      timeout: Duration.minutes(15),
      memorySize: 512,
      logRetention,
    },
    { operation: submitUrl, environment, logRetention },
    { operation: fileReputation, environment: reputation, logRetention },
    { operation: ipReputation, environment: withTier, logRetention },
    { operation: domainReputation, environment: withTier, logRetention },
    { operation: urlReputation, environment: reputation, logRetention },
  ];
}

function submissionEnvironment(
  props: VirusTotalConnectorProps,
  { uploadBucket, stateTable, submitFilePlaybook }: OperationResources,
): Record<string, string> {
  const maxBytes = props.httpSubmissionMaxBytes ?? configDefaults.httpSubmissionMaxBytes;
  return {
    SUBMIT_FILE_STATE_MACHINE_ARN: submitFilePlaybook.arn,
    UPLOAD_BUCKET: uploadBucket.bucketName,
    STATE_TABLE: stateTable.tableName,
    HTTP_SUBMISSION_MAX_BYTES: String(maxBytes),
    VIRUSTOTAL_MAX_REPORT_AGE_DAYS: String(
      props.maxReportAgeDays ?? configDefaults.maxReportAgeDays,
    ),
    ...(props.upload && { VIRUSTOTAL_UPLOAD: props.upload }),
  };
}
