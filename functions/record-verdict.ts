/** Records what became of an upload's scan. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { awsClientDefaults } from '../shared/aws/client-defaults.ts';
import { directStack } from '../shared/lambda/direct-stack.ts';
import { endedExecution } from '../shared/uploads/record/ended-execution.ts';
import { parseRecordingConfig } from '../shared/uploads/record/environment.ts';
import { handleScanOutcome } from '../shared/uploads/record/handle-scan-outcome.ts';
import { scanOutcomeInput } from '../shared/uploads/record/scan-outcome.ts';
import { openRecords } from '../shared/uploads/state/records.ts';

const { stateTable: tableName, ...config } = parseRecordingConfig(process.env);
const services = {
  ...config,
  s3: new S3Client({
    ...awsClientDefaults('S3', process.env),
    responseChecksumValidation: 'WHEN_REQUIRED',
    followRegionRedirects: true,
  }),
  eventBridge: new EventBridgeClient(awsClientDefaults('EVENTBRIDGE', process.env)),
  records: openRecords({
    client: new DynamoDBClient(awsClientDefaults('DYNAMODB', process.env)),
    tableName,
  }),
};
const work = { name: 'record_verdict', input: z.union([endedExecution, scanOutcomeInput]) };

/** Handler of the step `Record` of `ScanUpload`, and of the rule on executions that failed. */
export const handler = directStack(work, (request, limits) =>
  handleScanOutcome(services, request, limits),
);
