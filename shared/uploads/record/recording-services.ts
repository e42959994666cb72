/** What the function `record-verdict` works with. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { awsClientDefaults } from '../../aws/client-defaults.ts';
import { type Description, describeExecution } from '../../aws/playbook/describe-execution.ts';
import { createS3Client } from '../../aws/s3/s3-client.ts';
import { TableClient } from '../../aws/table/table-client.ts';
import { type Environment, parseEnvironment } from '../../environment.ts';
import { Records } from '../state/records.ts';
import type { RecordingServices } from './record-scan.ts';
import { recordVerdictVariables } from './variables.ts';
import type { ExecutionServices, ScanExecution } from './verify-outcome.ts';

/**
 * Creates the services.
 *
 * @throws Error that lists every bad variable
 */
export function createRecordingServices(
  environment: Environment,
): RecordingServices & ExecutionServices {
  const config = parseEnvironment(recordVerdictVariables, environment);
  return {
    reportBucket: config.REPORT_BUCKET,
    eventBus: config.EVENT_BUS_NAME,
    quarantineBucket: config.QUARANTINE_BUCKET,
    s3: createS3Client(environment),
    eventBridge: new EventBridgeClient(awsClientDefaults('EVENTBRIDGE', environment)),
    records: new Records({
      client: new TableClient({ environment }),
      tableName: config.STATE_TABLE,
    }),
    executionPrefix: config.SCAN_UPLOAD_EXECUTIONS,
    describeScan: createDescribeScan(environment),
  };
}

function createDescribeScan(environment: Environment): ExecutionServices['describeScan'] {
  const client = new SFNClient(awsClientDefaults('SFN', environment));
  return async (executionArn, isExpected, limits) => {
    const mayBeStale = (description: Description) => {
      const execution = toScanExecution(description);
      return execution === undefined || !isExpected(execution);
    };
    const lookup = { executionArn, action: 'look up the execution', mayBeStale };
    return toScanExecution(await describeExecution(client, lookup, limits));
  };
}

function toScanExecution(description: Description): ScanExecution | undefined {
  if (!description) return undefined;
  const { status = '', input = '', redriveCount = 0, error = null, cause = null } = description;
  return { status, input, redriveCount, error, cause };
}
