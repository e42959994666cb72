/** What recording works with, over the local engines, and a crash at any of its calls. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createEventBridge, openDynamoDb, openS3, startAwsEndpoint } from '@local/cloud/aws';
import { RecordedCalls } from '@local/cloud/testing';
import { onTestFinished } from 'vitest';
import { TableClient } from '../../../../shared/aws/table/table-client.ts';
import type { UploadedObject } from '../../../../shared/uploads/events/uploaded-object.ts';
import type { RecordingServices } from '../../../../shared/uploads/record/record-scan.ts';
import type { ScanOutcomeInput } from '../../../../shared/uploads/record/scan-outcome.ts';
import {
  type VerdictEvent,
  verdictEvent,
} from '../../../../shared/uploads/record/verdict-event.ts';
import { Records } from '../../../../shared/uploads/state/records.ts';
import { tableEnvironment } from '../../../support/dynalite.ts';

export const UPLOADS = 'uploads';
export const PLAIN = 'plain-uploads';
export const REPORTS = 'reports';
export const QUARANTINE = 'quarantine';
const TABLE = 'state';

/** Where a client's call breaks: before it is sent, or after it was done. */
export type CrashPoint = 'before' | 'after';

/** Starts S3, DynamoDB and EventBridge; they end with the test. */
export async function startRecording(now: () => number = Date.now) {
  const recorder = new RecordedCalls();
  const events: VerdictEvent[] = [];
  const s3Service = await openS3();
  for (const name of [UPLOADS, REPORTS, QUARANTINE]) {
    s3Service.createBucket(name, { versioned: true });
  }
  s3Service.createBucket(PLAIN);
  const dynamoDb = await openDynamoDb({ tables: [tableDefinition], now: Date.now });
  const bus = {
    busNames: new Set(['default']),
    put: ({ detail }: { readonly detail: unknown }) => events.push(verdictEvent.parse(detail)),
    idle: async () => {},
    close: async () => {},
  };
  const endpoint = await startAwsEndpoint({
    services: [s3Service, dynamoDb, createEventBridge(bus)],
    recorder,
  });
  const options = {
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'RecordVerdict', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  const s3 = new S3Client({ ...options, responseChecksumValidation: 'WHEN_REQUIRED' });
  const client = new DynamoDBClient(options);
  const eventBridge = new EventBridgeClient(options);
  const crashes = createCrashes();
  s3.middlewareStack.add(crashes.middleware, { step: 'initialize' });
  eventBridge.middlewareStack.add(crashes.middleware, { step: 'initialize' });
  onTestFinished(async () => {
    for (const each of [s3, client, eventBridge]) each.destroy();
    await endpoint.close();
  });
  const table = new TableClient({
    environment: tableEnvironment(options.endpoint, options.credentials.accessKeyId),
  });
  const send = table.send.bind(table);
  table.send = (action, input, signal) =>
    crashes.middleware((sent: object) => send(action, sent, signal))(input);
  const records = new Records({ client: table, tableName: TABLE, now });
  const services = { s3, eventBridge, records, eventBus: 'default', reportBucket: REPORTS, now };
  return {
    services: services satisfies RecordingServices,
    /** Details of the events that were sent, oldest first. */
    events,
    recorder,
    crashes,
    ...storesOf(s3, client),
  };
}

/** Items, objects and tags as they are. */
function storesOf(s3: S3Client, client: DynamoDBClient) {
  return {
    async items() {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE }));
      return Items;
    },
    /** Puts an object. @returns it, as described in its event */
    async put(Bucket: string, Key: string, Body: string, tagging = ''): Promise<UploadedObject> {
      const Tagging = tagging === '' ? undefined : tagging;
      const Metadata = { colour: 'red' };
      const answer = await s3.send(
        new PutObjectCommand({ Bucket, Key, Body, Tagging, Metadata, ContentType: 'text/x-own' }),
      );
      return {
        bucket: Bucket,
        key: Key,
        versionId: answer.VersionId ?? null,
        etag: answer.ETag?.replaceAll('"', '') ?? null,
        size: Buffer.byteLength(Body),
        sequencer: '01',
      };
    },
    /** `name=value` of each, in order; of the current version unless another is named. */
    async tags(Bucket: string, Key: string, VersionId?: string | null) {
      const address = { Bucket, Key, VersionId: VersionId ?? undefined };
      const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand(address));
      return TagSet.map((tag) => `${tag.Key}=${tag.Value}`).sort();
    },
    async setTags(Bucket: string, Key: string, names: readonly string[]) {
      const TagSet = names.map((name) => ({ Key: name, Value: 'x' }));
      await s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
    },
    /** Keys of a bucket's versions; delete markers are not among them. */
    async keys(Bucket: string): Promise<string[]> {
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      return Versions.map(({ Key = '' }) => Key).sort();
    },
    async body(Bucket: string, Key: string) {
      const { Body, Metadata, ContentType } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return { text: await Body?.transformToString(), metadata: Metadata, type: ContentType };
    },
  };
}

/** Has the n-th call from now on break, once. */
function createCrashes() {
  const state = { left: Number.POSITIVE_INFINITY, point: 'before' };
  const isNow = (at: CrashPoint) => state.left === 0 && state.point === at;
  return {
    /** A middleware for a client. */
    middleware:
      <A, O>(next: (args: A) => Promise<O>) =>
      async (args: A): Promise<O> => {
        state.left -= 1;
        if (isNow('before')) throw new Error('crashed');
        const isLast = isNow('after');
        const answer = next(args);
        if (!isLast) return answer;
        // Its outcome is ignored.
        await answer.catch(() => {});
        throw new Error('crashed');
      },
    /** @param n - 1 is the next one */
    at(n: number, point: CrashPoint) {
      Object.assign(state, { left: n, point });
    },
    off() {
      state.left = Number.POSITIVE_INFINITY;
    },
  };
}

const tableDefinition = {
  logicalId: 'StateTable',
  name: TABLE,
  arn: `arn:aws:dynamodb:us-east-1:000000000000:table/${TABLE}`,
  properties: {
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  },
};

export const sha256 = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';
export const scanId = `${sha256}-1700000000`;

/** A report of `file_reputation`, as far as recording looks into it. */
export function reportOf(value: 'malicious' | 'clean' | 'suspicious' | 'unknown', extra = {}) {
  return {
    response_code: 1,
    scan_id: scanId,
    scan_date: '2023-11-14 22:13:20',
    permalink: `https://www.virustotal.com/gui/file/${sha256}`,
    scans: { Alpha: { detected: value === 'malicious' } },
    verdict: {
      value,
      reasons: ['3 of 70 engines call it malicious.'],
      engines: [{ engine: 'Alpha', category: 'malicious', label: 'Trojan' } as const],
      ratio: { malicious: 3, suspicious: 0, total: 70, percentage: 4 },
      report_age: 60,
      permalink: null,
      allowed_because: null,
      policy: { name: 'balanced' },
    },
    ...extra,
  };
}

/** A request of the playbook's step `Record`. */
export function requestOf(fields: Partial<ScanOutcomeInput> = {}): ScanOutcomeInput {
  return {
    event: {},
    outcome: 'reported',
    reason: null,
    scan_id: scanId,
    receipt: { md5: 'm', sha1: 's', sha256 },
    report: reportOf('malicious'),
    error: null,
    execution: 'arn:aws:states:us-east-1:000000000000:execution:ScanUpload:one',
    ...fields,
  };
}

/** A minute is left. */
export const call = () => ({ deadline: Date.now() + 60_000 });
