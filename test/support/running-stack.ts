/** The deployed bundles behind the template's API, against a VirusTotal simulator, for one test file. */
import { createHash } from 'node:crypto';
import { DeleteItemCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  type Clock,
  createClock,
  type Invoker,
  type LocalFunction,
  localClientOptions,
  type RunningStack,
  runStack,
} from '@local/cloud';
import { SkippingClock, UnboundedFunctions } from '@local/cloud/testing';
import { type Simulator, type SimulatorOptions, startSimulator } from '@local/virustotal';
import { localSigning } from '../../infra/local/api-fetch.ts';
import { externalResources } from '../../infra/local/external-resources.ts';
import { mayCall } from '../../infra/local/roles.ts';
import type { LambdaFaults } from './lambda-faults.ts';
import { testAssembly } from './test-assembly.ts';
import type { VirtualClock } from './virtual-clock.ts';

const keyOf = (name: string) => createHash('sha256').update(name).digest('hex');

/** Keys that the simulator knows, and one that it does not; no other text of a test looks like them. */
export const testKeys = {
  public: keyOf('public'),
  premium: keyOf('premium'),
  /** Its day has one request. */
  scarce: keyOf('scarce'),
  wrong: keyOf('wrong'),
} as const;

/** For hooks that start a stack: on a busy machine the synthesis alone takes a minute, milliseconds. */
export const STARTUP_MS = 240_000;

/** No rule of the stack listens to it. */
export const QUIET_BUCKET = 'bucket-without-trigger';

/** How the stack runs. */
export interface TestStackOptions {
  /** Folder of another cloud assembly. @default the stack as it would be deployed */
  readonly directory?: string;
  /** Environment of every function, over the template's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default 'public' */
  readonly tier?: 'public' | 'premium';
  /** Times faster than real time. @default 1 */
  readonly speed?: number;
  /** Whether the clock skips the time in which everything waits. @default false */
  readonly skipsWaits?: boolean;
  /** Processes of one function at once; to start one takes longer than most tests. @default 3 */
  readonly maxConcurrency?: number;
  /**
   * A clock that goes forward as fast as the work allows. Each function then runs in one process, which takes any
   * number of invocations at once. @default a clock of this speed, and processes as Lambda has them
   */
  readonly virtualClock?: VirtualClock;
  /** With a virtual clock: how long an invocation works, and how far off the clocks of functions are. */
  readonly unbounded?: UnboundedOptions;
  /** @default quotas that no test meets */
  readonly simulator?: SimulatorOptions;
  /**
   * Whether uploads start ScanUpload: then the upload bucket is the stack's own. Without, it is
   * another, so that nothing but the test asks VirusTotal. @default false
   */
  readonly isTriggered?: boolean;
  /** Value of the secret. @default the tier's key; null: it stays without a value */
  readonly apiKey?: string | null;
  /** Has invocations fail as Lambda itself fails them. @default none */
  readonly lambdaFaults?: LambdaFaults;
  /** Whether signatures of API requests and policies of roles are checked, as with `npm start -- --sign`. @default false */
  readonly checksAccess?: boolean;
  /** How late DescribeExecution shows starts and ends, milliseconds of the run's clock. @default 0 */
  readonly describeLagMs?: number;
}

/** How unbounded functions run. */
export interface UnboundedOptions {
  /** How far the clock may go on while an invocation works, milliseconds. @default 10 s */
  readonly maxWorkMs?: number;
  /** Time that an invocation has, milliseconds. @default the function's timeout */
  readonly timeoutMs?: number;
  /** Error of the clock of a function, milliseconds. @default none */
  readonly skewMs?: (fn: LocalFunction) => number;
}

/** A running stack and its log lines. */
export interface TestStack extends RunningStack {
  readonly simulator: Simulator;
  /** Bucket of `submit_sample` when the call names none; it keeps versions. */
  readonly bucket: string;
  /** Lines that functions wrote, and the engines' lines about invocations and requests. */
  readonly said: readonly string[];
  /** The run's clock. */
  readonly clock: Clock;
  /** The functions if they are unbounded. */
  readonly unbounded: UnboundedFunctions | undefined;
  /** Puts an object into the upload bucket. @returns its version id */
  put(key: string, body: string | Uint8Array, bucket?: string): Promise<string | undefined>;
  /** @param options - `isVersioned`: true by default */
  createBucket(name: string, options?: { readonly isVersioned: boolean }): Promise<void>;
  /** Writes the secret; functions that hold the key do not learn of it. */
  setSecret(value: string): Promise<void>;
  /** Forgets the quota's ledger: a refusal by VirusTotal no longer closes the door for what follows. */
  forgetQuota(): Promise<void>;
  /** Has nothing admitted before a time of the run's clock, epoch milliseconds. The account must have begun. */
  closeQuota(until: number): Promise<void>;
}

/** Starts the stack and a simulator; `close` ends both. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { tier = 'public', speed = 1, isTriggered = false, virtualClock } = options;
  const clock =
    virtualClock ?? (options.skipsWaits ? new SkippingClock(speed) : createClock(speed));
  const keys = [
    { key: testKeys.public, tier: 'public', perMinute: 10_000 },
    { key: testKeys.premium, tier: 'premium', perMinute: 10_000 },
    { key: testKeys.scarce, tier: 'public', perDay: 1 },
  ] as const;
  const simulator = await startSimulator({ now: clock.now, keys, ...options.simulator });
  const { apiKey = testKeys[tier] } = options;
  const said: string[] = [];
  const environment = {
    VIRUSTOTAL_SERVER_URL: simulator.url,
    VIRUSTOTAL_TIER: tier,
    // What one test has looked up would hide from the next what VirusTotal answers.
    VIRUSTOTAL_CACHE_HOURS: '0',
    ...(!isTriggered && { UPLOAD_BUCKET: QUIET_BUCKET }),
    ...options.environment,
  };
  const { maxWorkMs = MAX_WORK_MS, timeoutMs, skewMs } = options.unbounded ?? {};
  const unbounded =
    virtualClock && new UnboundedFunctions({ clock, environment, timeoutMs, skewMs });
  const stack = await runStack({
    external: externalResources,
    directory: options.directory ?? (await testAssembly()),
    clock,
    apiPort: 0,
    awsPort: 0,
    maxConcurrency: options.maxConcurrency ?? 3,
    describeLagMs: options.describeLagMs,
    ...(apiKey !== null && { apiKey }),
    ...(options.checksAccess && { signingKey: localSigning.credentials, mayCall }),
    ...(options.lambdaFaults && { aroundInvoker: options.lambdaFaults.around }),
    ...(unbounded && { aroundInvoker: () => workingOn(virtualClock, unbounded, maxWorkMs) }),
    environment,
    listener: {
      onLine: (_, line) => said.push(line),
      onInvocation: ({ result }) => said.push(JSON.stringify(result)),
      onRequest: (request) => said.push(JSON.stringify(request)),
      onTransition: (_, transition) => said.push(JSON.stringify(transition)),
    },
  });
  unbounded?.serve(stack.lambda.functions, stack.awsUrl);
  const bucket = isTriggered ? (stack.stack.outputs.UploadBucketName ?? '') : QUIET_BUCKET;
  const clients = clientsOf(stack, simulator, bucket);
  if (!isTriggered) await clients.createBucket(QUIET_BUCKET);
  const close = async () => {
    await clients.close();
    await unbounded?.close();
  };
  return { ...stack, clock, simulator, said, unbounded, bucket, ...clients, close };
}

/** The longest time that an invocation takes on a virtual clock, milliseconds. */
const MAX_WORK_MS = 10_000;

function workingOn(clock: VirtualClock, functions: Invoker, maxWorkMs: number): Invoker {
  return { invoke: (...call) => clock.work(functions.invoke(...call), maxWorkMs) };
}

/** What of all that was said and recorded holds a key, whole or a good part of it, in any usual form. */
export function leaksOf({ said, calls, simulator }: TestStack): string[] {
  const texts = [...said, ...calls.calls.map(toJson), ...simulator.requests.map(toJson)];
  const parts = Object.values(testKeys).flatMap((key) =>
    [key, Buffer.from(key).toString('base64')].flatMap(piecesOf),
  );
  return texts.filter((text) => parts.some((part) => text.includes(part)));
}

const toJson = (value: unknown) => JSON.stringify(value);

/** Every piece of 16 characters that a cut text could end or begin with. */
function piecesOf(text: string): string[] {
  const starts = Array.from({ length: text.length - 15 }, (_, index) => index);
  return starts.map((start) => text.slice(start, start + 16));
}

function clientsOf(stack: RunningStack, simulator: Simulator, bucket: string) {
  const s3 = new S3Client({ ...localClientOptions(stack.awsUrl), forcePathStyle: true });
  const secrets = new SecretsManagerClient(localClientOptions(stack.awsUrl));
  const dynamoDb = new DynamoDBClient(localClientOptions(stack.awsUrl));
  const { ApiKeySecretArn: SecretId } = stack.stack.outputs;
  return {
    async createBucket(Bucket: string, { isVersioned } = { isVersioned: true }) {
      await s3.send(new CreateBucketCommand({ Bucket }));
      if (!isVersioned) return;
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    },
    async put(Key: string, Body: string | Uint8Array, Bucket = bucket) {
      return (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
    },
    async setSecret(SecretString: string) {
      await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
    },
    async forgetQuota() {
      for (const id of ['quota#door', 'quota#line']) {
        const item = { TableName: stack.stack.tables[0]?.name, Key: { pk: { S: id } } };
        await dynamoDb.send(new DeleteItemCommand(item));
      }
    },
    async closeQuota(until: number) {
      await dynamoDb.send(
        new UpdateItemCommand({
          TableName: stack.stack.tables[0]?.name,
          Key: { pk: { S: 'quota#door' } },
          UpdateExpression: 'SET blockedUntil = :until',
          ExpressionAttributeValues: { ':until': { N: String(Math.ceil(until)) } },
        }),
      );
    },
    async close() {
      s3.destroy();
      secrets.destroy();
      dynamoDb.destroy();
      await stack.close();
      await simulator.close();
    },
  };
}
