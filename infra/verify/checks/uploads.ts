/** From an upload to its verdict. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import { fileReputation, submitFile } from '../../../shared/operations/catalogue.ts';
import { tagNames, VERDICT_TAG } from '../../../shared/uploads/record/tags.ts';
import { recordId } from '../../../shared/uploads/state/object-ids.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { eicar } from '../eicar.ts';
import { endOfExecution, startPlaybook, stopExecutionOf } from '../executions.ts';
import { fieldOf } from '../field-of.ts';
import { LOG_PATIENCE_MS, linesSince, logGroupOf } from '../log-lines.ts';
import { CheckFailure, expectEqual, NotChecked, shown } from '../outcomes.ts';
import { poll } from '../polling.ts';
import { sharedScan } from '../scan-of-upload.ts';
import { outputOf, resourceOf } from '../stack-of-account.ts';
import { expectOutput, outputOverHttp } from './lookups.ts';

/** What stays of a scan. */
export const LEFT_OF_A_SCAN =
  'records of scans in the state table until they expire (120 days), and their events on the bus';

const ofTheScan = {
  class: 'object',
  needs: ['scan'],
  requests: 0,
} as const;

/** An upload is scanned. */
export const uploadScan: Check = {
  id: 'scan',
  proves: 'An upload starts `ScanUpload`, which ends with the verdict on the EICAR test file.',
  class: 'object',
  requests: 2,
  leaves: LEFT_OF_A_SCAN,
  async run(context) {
    const { output } = await sharedScan(context);
    const { outcome, verdict, error } = output;
    const cause = error ? ` (${error.name}: ${error.message})` : '';
    if (outcome === 'reported' && verdict !== 'clean' && verdict !== 'unknown') return verdict;
    throw new CheckFailure(
      `ScanUpload: got ${outcome}, ${verdict}${cause}; expected reported, malicious`,
    );
  },
};

/** The object has its tags. */
export const scanTags: Check = {
  ...ofTheScan,
  id: 'scan-tags',
  proves:
    'The object gets the tags `virustotal-verdict`, `virustotal-scan-id` and `virustotal-scanned-at`.',
  async run(context) {
    const { object, output } = await sharedScan(context);
    expectEqual('tags that ScanUpload says it wrote', output.tags?.status, 'written');
    const { TagSet = [] } = await context.target.clients.s3.send(
      new GetObjectTaggingCommand({
        Bucket: object.bucket,
        Key: object.key,
        VersionId: object.versionId,
      }),
    );
    const names = TagSet.map(({ Key = '' }) => Key).sort();
    expectEqual('tags of the object', names, [...tagNames].sort());
    const tag = TagSet.find(({ Key }) => Key === VERDICT_TAG)?.Value;
    expectEqual(`the tag ${VERDICT_TAG}`, tag, output.verdict);
    return `${VERDICT_TAG}=${tag}`;
  },
};

/** The report is stored. */
export const scanReport: Check = {
  ...ofTheScan,
  id: 'scan-report',
  proves: 'The report bucket gets the full report.',
  async run(context) {
    const { output } = await sharedScan(context);
    const { report } = output;
    if (report === null) throw new CheckFailure(`ScanUpload recorded no report: ${shown(output)}`);
    expectEqual(
      'bucket of the report',
      report.bucket,
      outputOf(context.target, 'ReportBucketName'),
    );
    const { Body } = await context.target.clients.s3.send(
      new GetObjectCommand({ Bucket: report.bucket, Key: report.key }),
    );
    const text = (await Body?.transformToString()) ?? '';
    const content: unknown = JSON.parse(text);
    expectOutput('the report', fileReputation, content);
    return `${text.length} characters`;
  },
};

/** The outcome is recorded, and the event is sent. */
export const scanRecord: Check = {
  ...ofTheScan,
  id: 'scan-record',
  proves:
    'The outcome is recorded in the state table, which is done only after the bus has accepted the event `VirusTotal Verdict`.',
  async run(context) {
    const { object, output } = await sharedScan(context);
    const { bucket, key, versionId } = object;
    if (versionId === undefined) throw new NotChecked(`${bucket} keeps no versions`);
    const table = resourceOf(context.target, 'AWS::DynamoDB::Table', /StateTable/);
    const pk = recordId({ bucket, key, versionId, etag: null, size: null, sequencer: null });
    const { Item } = await context.target.clients.dynamoDb.send(
      new GetItemCommand({
        TableName: table.physicalId,
        Key: { pk: { S: pk } },
        ConsistentRead: true,
      }),
    );
    expectEqual('phase of the record', Item?.phase?.S, 'recorded');
    const decision: unknown = JSON.parse(Item?.decision?.S ?? 'null');
    expectEqual('id of the recorded event', fieldOf(decision, 'id'), output.id);
    return `event ${output.id?.slice(0, 8)}`;
  },
};

/** The object can be submitted by a call. */
export const submitNever: Check = {
  id: 'submit-sample',
  proves:
    '`submit_sample` reads an object and computes its digests; with `upload: "never"` only the digest is sent.',
  class: 'object',
  needs: ['scan'],
  requests: 1,
  leaves: LEFT_OF_A_SCAN,
  async run(context) {
    const { object } = await sharedScan(context);
    const body = { key: object.key, upload: 'never' };
    const output = await outputOverHttp(context, submitFile, { path: '/files', body });
    expectOutput('submit_sample', submitFile, output);
    for (const [name, digest] of Object.entries(eicar)) {
      expectEqual(`submit_sample, ${name}`, fieldOf(output, name), digest);
    }
    return 'digests are right';
  },
};

/** A stopped execution is recorded by the rule on failed executions. */
export const stoppedScan: Check = {
  id: 'stopped-scan',
  proves:
    'An execution that is stopped (`aws stepfunctions stop-execution`) is recorded: the rule on failed executions invokes `RecordVerdict`.',
  class: 'object',
  requests: 0,
  leaves: LEFT_OF_A_SCAN,
  notFor: ({ target }) =>
    target.local?.signs === false
      ? 'needs the roles of the stack; start the local run with npm start -- --sign'
      : undefined,
  async run(context) {
    const since = Date.now();
    const arn = await startUnreadable(context);
    await stopExecutionOf(context, arn);
    const { status } = await endOfExecution(context, arn);
    expectEqual('status of the stopped execution', status, 'ABORTED');
    const record = resourceOf(context.target, 'AWS::Lambda::Function', /RecordVerdict/);
    const group = await logGroupOf(context, record.physicalId);
    const line = await poll(context, context.target.local ? 10_000 : LOG_PATIENCE_MS, async () => {
      const lines = await linesSince(context, group, since);
      return lines.find(
        (each) => each.includes(arn) && each.includes('scan of an upload recorded'),
      );
    });
    if (line) return 'recorded as failed';
    throw new CheckFailure(
      `${arn} was stopped, and RecordVerdict has not recorded it (no line in ${group}); see the rule FailedScans, and the dead-letter queue`,
    );
  },
};

/**
 * Starts a scan that goes on for at least ten seconds: of an object in the report bucket, which SubmitFile may not
 * read, so that it waits for the permission. The object does not exist.
 */
function startUnreadable(context: CheckContext): Promise<string> {
  const { target, runId } = context;
  const event = {
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: {
      bucket: { name: outputOf(target, 'ReportBucketName') },
      object: {
        key: `verify/${runId}/none`,
        size: 1,
        etag: runId.replaceAll('-', ''),
        sequencer: '0',
      },
    },
  };
  return startPlaybook(context, 'ScanUpload', event);
}
