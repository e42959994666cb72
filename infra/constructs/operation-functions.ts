/** The operations' functions, with environment, memory and timeout of each. */
import { Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
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
import { readSecret } from './api-key-secret.ts';
import { ConnectorFunction, type ConnectorFunctionProps } from './connector-function.ts';
import type { VirusTotalConnectorProps } from './connector-props.ts';
import { Quota } from './quota.ts';
import { quotaEnvironment } from './quota-environment.ts';
import { claimIn, ledgerIn } from './state-table.ts';
import { Submission } from './submission.ts';

/** Resources that the functions use. */
export interface OperationResources {
  readonly apiKeySecret: ISecret;
  readonly uploadBucket: IBucket;
  readonly stateTable: ITable;
  /** Submits files that are too large for an HTTP call. */
  readonly submitFilePlaybook: NamedStateMachine;
}

/**
 * Creates the functions behind the API: those of the six operations, which may read the API key, the one
 * that returns the status of a submission, and the one that returns the quota.
 *
 * @returns the functions by operation id
 */
export function createApiFunctions(
  scope: Construct,
  props: VirusTotalConnectorProps,
  resources: OperationResources,
): ReadonlyMap<string, ConnectorFunction> {
  const functions: ConnectorFunction[] = operationFunctions(props, resources).map((settings) => {
    const created = new ConnectorFunction(scope, settings.operation.id, settings);
    const { id } = settings.operation;
    const statements = [
      ...readSecret(resources.apiKeySecret),
      ...ledgerIn(resources.stateTable),
      ...(id === submitFile.id ? submitFileStatements(resources) : []),
      ...(id === submitUrl.id ? claimIn(resources.stateTable, 'url#*') : []),
    ];
    for (const statement of statements) created.role.addToPrincipalPolicy(statement);
    return created;
  });
  const { submitFilePlaybook } = resources;
  const { logRetention } = props;
  functions.push(new Submission(scope, 'Submission', { submitFilePlaybook, logRetention }));
  const { stateTable } = resources;
  functions.push(new Quota(scope, 'Quota', { ...props, stateTable }));
  return new Map(functions.map((fn) => [fn.node.id, fn]));
}

/** Permissions to claim objects, and to hand large files over to the playbook. */
function submitFileStatements({ stateTable, submitFilePlaybook: { arn } }: OperationResources) {
  const handOver = new PolicyStatement({ actions: ['states:StartExecution'], resources: [arn] });
  return [...claimIn(stateTable, 'object#*'), handOver];
}

/** Settings of the functions of the six operations that call VirusTotal. */
function operationFunctions(
  props: VirusTotalConnectorProps,
  resources: OperationResources,
): ConnectorFunctionProps[] {
  const { logRetention } = props;
  const environment = {
    VIRUSTOTAL_SERVER_URL: props.serverUrl ?? configDefaults.serverUrl,
    VIRUSTOTAL_API_KEY_SECRET_ARN: resources.apiKeySecret.secretArn,
    VIRUSTOTAL_VERIFY_SSL: String(props.verifySsl ?? configDefaults.verifySsl),
    STACK_NAME: Stack.of(resources.stateTable).stackName,
    ...quotaEnvironment(props, resources.stateTable),
    VIRUSTOTAL_CACHE_HOURS: String(props.cacheHours ?? configDefaults.cacheHours),
    ...(props.virusTotalUserId && { VIRUSTOTAL_USER_ID: props.virusTotalUserId }),
  };
  const policy = verdictPolicyText(props.verdictPolicy ?? 'balanced', 'verdictPolicy');
  const reputation = { ...environment, VIRUSTOTAL_VERDICT_POLICY: policy };
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
    { operation: ipReputation, environment: reputation, logRetention },
    { operation: domainReputation, environment: reputation, logRetention },
    { operation: urlReputation, environment: reputation, logRetention },
  ];
}

function submissionEnvironment(
  props: VirusTotalConnectorProps,
  { uploadBucket, submitFilePlaybook }: OperationResources,
): Record<string, string> {
  const maxBytes = props.httpSubmissionMaxBytes ?? configDefaults.httpSubmissionMaxBytes;
  return {
    SUBMIT_FILE_STATE_MACHINE_ARN: submitFilePlaybook.arn,
    UPLOAD_BUCKET: uploadBucket.bucketName,
    HTTP_SUBMISSION_MAX_BYTES: String(maxBytes),
    VIRUSTOTAL_MAX_REPORT_AGE_DAYS: String(
      props.maxReportAgeDays ?? configDefaults.maxReportAgeDays,
    ),
    ...(props.upload && { VIRUSTOTAL_UPLOAD: props.upload }),
  };
}
