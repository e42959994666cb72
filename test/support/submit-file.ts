/** `SubmitFile` in the test's process, with everything around it on loopback. */
import { randomUUID } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { objectCreatedEvent, objectCreatedNotification } from '@local/cloud/events';
import {
  PUBLIC_KEY,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '@local/virustotal';
import type { Context } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import type { HeldClaim } from '../../shared/claims/claim.ts';
import { Claims } from '../../shared/claims/claims.ts';
import { claimId, itemLabels } from '../../shared/uploads/state/object-ids.ts';
import { type Engines, startEngines, startSecret } from './aws-engines.ts';
import { startTable, type Table } from './dynalite.ts';
import { loadFunction, setEnvironment } from './environment.ts';
import { withoutJitter } from './without-jitter.ts';

/** Bucket of the tests. */
export const BUCKET = 'uploads';

/** The function and what is around it. */
export interface Running {
  readonly engines: Engines;
  readonly table: Table;
  readonly simulator: Simulator;
  /** Invokes; each time under another request id unless one is given. */
  invoke(event: unknown, context?: InvokeOptions): Promise<unknown>;
  /** Puts an object. @returns what its events are made of */
  put(key: string, body: string | Uint8Array): Promise<Uploaded>;
  /** Requests that sent a file, whatever came of them. */
  uploads(): number;
}

/** What an invocation says of itself. */
export interface InvokeOptions {
  readonly requestId?: string;
  /** Time that Lambda leaves, milliseconds. */
  readonly leftMs?: number;
}

/** An object that was put. */
export interface Uploaded {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

/** How it runs. */
export interface RunOptions {
  /** Further environment, or other. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly simulator?: SimulatorOptions;
}

/** Puts an object as a multipart upload, so that its ETag is no MD5. @returns what its events are made of */
export async function putInParts(
  { engines: { s3 } }: Running,
  Key: string,
  Body: string,
): Promise<Uploaded> {
  const target = { Bucket: BUCKET, Key };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const upload = { ...target, UploadId };
  const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  const completed = await s3.send(
    new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }),
  );
  const etag = (completed.ETag ?? '').replaceAll('"', '');
  return { bucket: BUCKET, key: Key, etag, size: Buffer.byteLength(Body) };
}

/** Starts everything; it ends with the test. */
export async function startSubmitFile(options: RunOptions = {}): Promise<Running> {
  withoutJitter();
  const simulator = await startSimulator(options.simulator);
  onTestFinished(() => simulator.close());
  const engines = await startEngines(BUCKET);
  const table = await startTable();
  const secret = await startSecret(PUBLIC_KEY);
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: engines.url,
    AWS_ENDPOINT_URL_SQS: engines.url,
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secret.url,
    VIRUSTOTAL_API_KEY_SECRET_ARN: secret.arn,
    VIRUSTOTAL_SERVER_URL: simulator.url,
    STATE_TABLE: table.tableName,
    VIRUSTOTAL_QUOTA_PER_MINUTE: 'none',
    VIRUSTOTAL_QUOTA_PER_DAY: 'none',
    VIRUSTOTAL_QUOTA_PER_MONTH: 'none',
    VIRUSTOTAL_CACHE_HOURS: '0',
    ...options.environment,
  };
  onTestFinished(setEnvironment(environment));
  const { handler } =
    await loadFunction<typeof import('../../functions/submit-file.ts')>('submit-file');
  return {
    engines,
    table,
    simulator,
    invoke: (event, context) => handler(event, contextOf(context)),
    put: async (key, body) => ({ bucket: BUCKET, key, ...(await engines.put(BUCKET, key, body)) }),
    uploads: () =>
      simulator.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v3/files')
        .length,
  };
}

function contextOf({ requestId = randomUUID(), leftMs = 30_000 }: InvokeOptions = {}): Context {
  const endsAt = Date.now() + leftMs;
  return {
    awsRequestId: requestId,
    functionName: 'submit-file',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:submit-file',
    memoryLimitInMB: '512',
    logGroupName: 'group',
    logStreamName: 'stream',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => endsAt - Date.now(),
    done() {},
    fail() {},
    succeed() {},
  };
}

/** Of every event. */
export const SEQUENCER = '0055AED6DCD90281E5';

const occasion = {
  sequencer: SEQUENCER,
  reason: 'PutObject',
  time: new Date(0),
} as const;

/** The EventBridge event of an object. */
export function eventOf(object: Uploaded & { readonly versionId?: string; sequencer?: string }) {
  return objectCreatedEvent({ ...occasion, ...object });
}

/** The notification of some objects. */
export function notificationOf(...objects: readonly (Uploaded & { versionId?: string })[]) {
  return objectCreatedNotification(objects.map((object) => ({ ...object, ...occasion })));
}

/** An event as MinIO sends it of an empty object: without the size. */
export function withoutSize(event: object): object {
  return JSON.parse(JSON.stringify(event), (name, value) => (name === 'size' ? undefined : value));
}

/** A notification with one more record before its own: of a key that is no encoding. */
export function withMalformed({ Records }: ReturnType<typeof notificationOf>) {
  const [record] = Records;
  const s3 = { bucket: { name: BUCKET }, object: { key: '%zz' } };
  return { Records: [{ ...record, s3 }, ...Records] };
}

/**
 * Leaves the claim of another attempt, which began some time ago under the request id `killed`.
 *
 * @param leaseMs - from now, milliseconds; negative when its lease has ended
 */
export async function leaveClaim(
  { table: { client, tableName } }: Running,
  object: Uploaded,
  agoMs: number,
  leaseMs = -1,
): Promise<{ claims: Claims; claim: HeldClaim }> {
  const claims = new Claims({ client, tableName, now: () => Date.now() - agoMs });
  const uploaded = { ...object, versionId: null, sequencer: SEQUENCER };
  const call = { deadline: Date.now() + 10_000 };
  const request = {
    id: claimId(uploaded),
    labels: itemLabels(uploaded),
    requestId: 'killed',
    leaseUntil: Date.now() + leaseMs,
  };
  const answer = await claims.claim(request, call);
  if (answer.status !== 'granted') throw new TypeError(`the claim is ${answer.status}`);
  return { claims, claim: answer.claim };
}
