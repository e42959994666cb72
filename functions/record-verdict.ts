/** Records the outcome of an upload's scan. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';
import { awsClientDefaults } from '../shared/aws/client-defaults.ts';
import { createS3Client } from '../shared/aws/s3/s3-client.ts';
import { parseEnvironment } from '../shared/environment.ts';
import { directStack } from '../shared/lambda/direct-stack.ts';
import { endedExecution } from '../shared/uploads/record/ended-execution.ts';
import { handleScanOutcome } from '../shared/uploads/record/handle-scan-outcome.ts';
import { scanOutcomeInput } from '../shared/uploads/record/scan-outcome.ts';
import { recordVerdictVariables } from '../shared/uploads/record/variables.ts';
import { Records } from '../shared/uploads/state/records.ts';

const config = parseEnvironment(recordVerdictVariables, process.env);
const services = {
  reportBucket: config.REPORT_BUCKET,
  eventBus: config.EVENT_BUS_NAME,
  quarantineBucket: config.QUARANTINE_BUCKET,
  s3: createS3Client(process.env),
  eventBridge: new EventBridgeClient(awsClientDefaults('EVENTBRIDGE', process.env)),
  records: new Records({
    client: new DynamoDBClient(awsClientDefaults('DYNAMODB', process.env)),
    tableName: config.STATE_TABLE,
  }),
};
const work = { name: 'record_verdict', input: z.union([endedExecution, scanOutcomeInput]) };

/** Handler of the step `Record` of `ScanUpload`, and of the rule on executions that failed. */
export const handler = directStack(work, (request, limits) =>
  handleScanOutcome(services, request, limits),
);
