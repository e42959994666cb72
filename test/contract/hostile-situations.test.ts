/**
 * S3, DynamoDB, Secrets Manager and VirusTotal misbehaving while the deployed `SubmitFile` handles an upload: each
 * time the error has its name, the claim says what is known, and VirusTotal has the file once at last.
 */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { localClientOptions } from '@local/cloud';
import { objectCreatedEvent } from '@local/cloud/events';
import type { Fault } from '@local/virustotal';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectorError } from '../../shared/errors.ts';
import { claimId } from '../../shared/uploads/state/object-ids.ts';
import { type AwsGate, type GateAnswer, type GateRule, openAwsGate } from '../support/aws-gate.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';
import { at, lookUpOf, refusals, sha256Of } from '../support/virustotal-faults.ts';

/** Shortens the waits between retries, and the ten minutes in which a file may have arrived. */
const SPEED = 600;
const TIMEOUT_MS = 120_000;

let stack: TestStack;
let gate: AwsGate;
let dynamoDb: DynamoDBClient;

beforeAll(async () => {
  gate = await openAwsGate();
  stack = await startTestStack({ speed: SPEED, environment: { AWS_ENDPOINT_URL: gate.url } });
  gate.forwardTo(stack.awsUrl);
  dynamoDb = new DynamoDBClient(localClientOptions(stack.awsUrl));
}, STARTUP_MS);
afterAll(async () => {
  dynamoDb?.destroy();
  await stack?.close();
  await gate?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  gate.rule = undefined;
});

/** What the claim says: nothing, that the file may have arrived, or that it is submitted. */
type ClaimState = 'free' | 'doubt' | 'done' | 'held';

/** What an invocation ends with. */
type End = ConnectorError['name'] | 'submitted' | 'known' | 'duplicate' | 'in-progress';

interface Situation {
  readonly aws?: GateRule;
  readonly virusTotal?: (body: string) => readonly Fault[];
  /** Whether a new process handles the upload, which holds no key yet. @default false */
  readonly isCold?: boolean;
  readonly end: End;
  readonly claim: ClaimState;
  /** How often VirusTotal has accepted the file after all. @default 1 */
  readonly accepted?: number;
}

const xml = (status: number, code: string): GateAnswer => ({
  status,
  body: `<Error><Code>${code}</Code><Message>no</Message></Error>`,
  headers: { 'content-type': 'application/xml' },
});
const json = (status: number, type: string): GateAnswer => ({
  status,
  body: JSON.stringify({ __type: type, message: 'no' }),
  headers: { 'content-type': 'application/x-amz-json-1.0' },
});
const when =
  (action: string, answer: GateAnswer, part = ''): GateRule =>
  (request) =>
    request.action === action && request.body.includes(part) ? answer : undefined;
/** An answer to the read of an object; its version is the one that was asked for. */
const content =
  (body: string, headers: Readonly<Record<string, string>> = {}): GateRule =>
  ({ action }) =>
    action === 's3' ? { status: 200, body, headers: { etag: '"e"', ...headers } } : undefined;

const upload = at('POST', '/files');

const situations: Readonly<Record<string, Situation>> = {
  'S3 is throttled': {
    aws: when('s3', xml(503, 'SlowDown')),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'S3 has an internal error': {
    aws: when('s3', xml(500, 'InternalError')),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'S3 denies access': {
    aws: when('s3', xml(403, 'AccessDenied')),
    end: 'ObjectAccessDeniedError',
    claim: 'free',
  },
  'S3 does not find the version': {
    aws: when('s3', xml(404, 'NoSuchVersion')),
    end: 'ObjectNotFoundError',
    claim: 'free',
  },
  'the KMS key of the object is throttled': {
    aws: when('s3', xml(400, 'KMS.ThrottlingException')),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'the KMS key of the object is disabled': {
    aws: when('s3', xml(400, 'KMS.DisabledException')),
    end: 'ObjectAccessDeniedError',
    claim: 'free',
  },
  'S3 returns no bytes of an object that has some': {
    aws: content(''),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'S3 returns fewer bytes than the event says': {
    aws: content('few'),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'S3 breaks each connection': {
    aws: when('s3', 'reset'),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'DynamoDB is throttled at the claim': {
    aws: when('DynamoDB.PutItem', json(400, 'ThrottlingException')),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'DynamoDB has an internal error at the claim': {
    aws: when('DynamoDB.PutItem', json(500, 'InternalServerError')),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'DynamoDB denies access': {
    aws: when('DynamoDB.PutItem', json(400, 'AccessDeniedException')),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'DynamoDB has no such table': {
    aws: when('DynamoDB.PutItem', json(400, 'ResourceNotFoundException')),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'DynamoDB breaks the connection before the file is sent': {
    aws: when('DynamoDB.UpdateItem', 'reset', ':since'),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'DynamoDB does not store the receipt': {
    aws: when('DynamoDB.UpdateItem', 'reset', ':receipt'),
    end: 'submitted',
    claim: 'doubt',
  },
  'Secrets Manager is throttled': {
    isCold: true,
    aws: when('secretsmanager.GetSecretValue', json(400, 'ThrottlingException')),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'Secrets Manager has an internal error': {
    isCold: true,
    aws: when('secretsmanager.GetSecretValue', json(500, 'InternalServiceError')),
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'Secrets Manager denies access': {
    isCold: true,
    aws: when('secretsmanager.GetSecretValue', json(400, 'AccessDeniedException')),
    end: 'ApiKeyError',
    claim: 'free',
  },
  'Secrets Manager cannot decrypt the secret': {
    isCold: true,
    aws: when('secretsmanager.GetSecretValue', json(400, 'DecryptionFailure')),
    end: 'ApiKeyError',
    claim: 'free',
  },
  'the secret is empty': {
    isCold: true,
    aws: when('secretsmanager.GetSecretValue', {
      status: 200,
      body: JSON.stringify({ SecretString: ' ' }),
      headers: { 'content-type': 'application/x-amz-json-1.1' },
    }),
    end: 'ApiKeyError',
    claim: 'free',
  },
  'VirusTotal has no quota left': {
    virusTotal: (body) => [refusals.quota(lookUpOf(body))],
    end: 'QuotaExceededError',
    claim: 'free',
  },
  'VirusTotal refuses the upload for its quota': {
    virusTotal: () => [refusals.quota(upload)],
    end: 'QuotaExceededError',
    claim: 'free',
  },
  'VirusTotal cannot be reached': {
    virusTotal: (body) => [{ ...lookUpOf(body), kind: 'reset', times: 3 }],
    end: 'UpstreamUnavailableError',
    claim: 'free',
  },
  'VirusTotal refuses the key': {
    virusTotal: (body) => [refusals.wrongKey(lookUpOf(body))],
    end: 'ApiKeyError',
    claim: 'free',
  },
  'VirusTotal forbids the lookup': {
    virusTotal: (body) => [refusals.forbidden(lookUpOf(body))],
    end: 'ForbiddenByVirusTotalError',
    claim: 'free',
  },
  'VirusTotal answers the lookup with a web page': {
    virusTotal: (body) => [refusals.notJson(lookUpOf(body))],
    end: 'UpstreamError',
    claim: 'free',
  },
  'VirusTotal is analysing the file already': {
    virusTotal: (body) => [refusals.notYet(lookUpOf(body), 2)],
    end: 'known',
    claim: 'done',
    accepted: 0,
  },
  'VirusTotal redirects the upload': {
    virusTotal: () => [{ ...upload, kind: 'redirect', location: 'http://127.0.0.1:9/' }],
    end: 'UpstreamError',
    claim: 'free',
  },
  'VirusTotal fails after the whole upload': {
    virusTotal: () => [{ ...upload, kind: 'answer', status: 503 }],
    end: 'UpstreamUnavailableError',
    claim: 'doubt',
  },
  'VirusTotal breaks the connection before the upload': {
    virusTotal: () => [{ ...upload, kind: 'reset', at: 'before-body' }],
    end: 'UpstreamUnavailableError',
    // In doubt if a small file was handed over to the connection before that broke.
    claim: expect.stringMatching(/^(?:free|doubt)$/),
  },
  'VirusTotal breaks the connection after the upload': {
    virusTotal: () => [{ ...upload, kind: 'reset', at: 'after-body' }],
    end: 'UpstreamUnavailableError',
    claim: 'doubt',
  },
  'VirusTotal accepts the upload and breaks off its answer': {
    virusTotal: () => [{ ...upload, kind: 'cut' }],
    end: 'UpstreamUnavailableError',
    claim: 'doubt',
  },
  'VirusTotal answers the upload with a web page': {
    virusTotal: () => [refusals.notJson(upload)],
    end: 'UpstreamError',
    claim: 'doubt',
  },
  'VirusTotal says that it has the file, and does not know it': {
    virusTotal: () => [{ ...upload, kind: 'already-exists' }],
    end: 'UpstreamUnavailableError',
    claim: 'doubt',
  },
};

/** Puts an object that VirusTotal does not know. */
async function putFresh(body: string) {
  const key = `${randomUUID()}.bin`;
  const versionId = (await stack.put(key, body)) ?? '';
  const object = { bucket: stack.bucket, key, versionId, etag: 'e', size: body.length };
  return { ...object, sequencer: '01' };
}

type Uploaded = Awaited<ReturnType<typeof putFresh>>;

async function invoke(object: Uploaded): Promise<{ end: string; message: string; wait: number }> {
  const event = objectCreatedEvent({ ...object, reason: 'PutObject', time: new Date(0) });
  const name = stack.stack.outputs.SubmitFileFunctionArn ?? '';
  const result = await stack.lambda.invoke(name, JSON.stringify(event));
  if (result.status === 'failed') {
    const { errorType: end, errorMessage: message } = result.error;
    return { end, message, wait: Number(/retryAfterSeconds=(\d+)$/.exec(message)?.[1]) };
  }
  const { outcome, reason, retryAfterSeconds } = JSON.parse(result.payload);
  return { end: outcome, message: String(reason), wait: Number(retryAfterSeconds) };
}

/** After what a playbook invokes again, and after how long if that does not say, seconds. */
const repeated: ReadonlySet<string> = new Set([
  'in-progress',
  'QuotaExceededError',
  'UpstreamUnavailableError',
  'UpstreamTimeoutError',
]);
const RETRY_SECONDS = 60;

/** Invokes again, as a playbook does, until the file is submitted. */
async function settle(object: Uploaded): Promise<string> {
  for (let tries = 0; tries < 40; tries += 1) {
    const { end, wait } = await invoke(object);
    if (!repeated.has(end)) return end;
    // Of the errors of a busy machine, none names a wait.
    await stack.clock.sleep((wait || RETRY_SECONDS) * 1000);
  }
  return 'in-progress';
}

async function claimOf(object: Uploaded): Promise<ClaimState> {
  const TableName = stack.stack.tables[0]?.name;
  const Key = { pk: { S: claimId(object) } };
  const { Item } = await dynamoDb.send(
    new GetItemCommand({ TableName, Key, ConsistentRead: true }),
  );
  if (!Item) return 'free';
  if (Item.receipt) return 'done';
  if (Number(Item.leaseUntil?.N) > stack.clock.now()) return 'held';
  return Item.sendingSince ? 'doubt' : 'free';
}

/** How often VirusTotal has accepted a file. */
function acceptedOf(body: string): number {
  return stack.simulator.requests.filter(({ file }) => file?.sha256 === sha256Of(body)).length;
}

describe('nothing is lost, unnamed or sent twice when', () => {
  it.each(Object.entries(situations))(
    '%s',
    async (_, { aws, virusTotal, isCold, end, claim, accepted = 1 }) => {
      const body = `hostile ${randomUUID()}`;
      const object = await putFresh(body);
      if (isCold) await stack.lambda.reload(stack.stack.outputs.SubmitFileFunctionArn ?? '');
      gate.rule = aws;
      for (const fault of virusTotal?.(body) ?? []) stack.simulator.fault(fault);
      const first = await invoke(object);
      const state = await claimOf(object);
      gate.rule = undefined;
      const last = await settle(object);
      expect({ end: first.end, claim: state, message: first.message }).toEqual({
        end,
        claim,
        message: expect.any(String),
      });
      expect(['submitted', 'known', 'duplicate']).toContain(last);
      expect(acceptedOf(body)).toBe(accepted);
    },
    TIMEOUT_MS,
  );
});
