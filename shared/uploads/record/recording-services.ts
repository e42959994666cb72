/** What the function `record-verdict` works with. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { awsClientDefaults } from '../../aws/client-defaults.ts';
import { createS3Client } from '../../aws/s3/s3-client.ts';
import { type Environment, parseEnvironment } from '../../environment.ts';
import { Records } from '../state/records.ts';
import type { RecordingServices } from './record-scan.ts';
import { recordVerdictVariables } from './variables.ts';

/**
 * Creates the services.
 *
 * @throws Error that lists every bad variable
 */
export function createRecordingServices(environment: Environment): RecordingServices {
  const config = parseEnvironment(recordVerdictVariables, environment);
  return {
    reportBucket: config.REPORT_BUCKET,
    eventBus: config.EVENT_BUS_NAME,
    quarantineBucket: config.QUARANTINE_BUCKET,
    s3: createS3Client(environment),
    eventBridge: new EventBridgeClient(awsClientDefaults('EVENTBRIDGE', environment)),
    records: new Records({
      client: new DynamoDBClient(awsClientDefaults('DYNAMODB', environment)),
      tableName: config.STATE_TABLE,
    }),
  };
}
