/** `ScanExisting` and `ScanUpload` as synthesised, over the local S3, with functions in the test's process. */
import {
  GetObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  type InvocationResult,
  type Invoker,
  localClientOptions,
  objectStoreOf,
} from '@local/cloud';
import { openS3, startAwsEndpoint } from '@local/cloud/aws';
import { type Execution, StepFunctionsEngine } from '@local/cloud/step-functions';
import { ConnectorError } from '../../shared/errors.ts';
import { parseInput } from '../../shared/schema/parse-input.ts';
import { readEvent } from '../../shared/uploads/events/read-event.ts';
import type { UploadedObject } from '../../shared/uploads/events/uploaded-object.ts';
import { findUnscanned, type LeftObject } from '../../shared/uploads/sweep/find-unscanned.ts';
import type { ScanFilter } from '../../shared/uploads/sweep/scan-filter.ts';
import { findUnscannedInput } from '../../shared/uploads/sweep/sweep-schema.ts';
import { InstantClock } from './instant-clock.ts';
import { definitions } from './playbooks.ts';

/** The bucket that is swept. */
export const BUCKET = 'uploads';

/** What a test has in mind for the functions. */
export interface SweepOptions {
  readonly filter?: ScanFilter;
  /** Runs before a function is called; what it throws is the function's error. */
  readonly before?: (
    name: 'FindUnscanned' | 'SubmitFile' | 'RecordVerdict',
    payload: string,
  ) => unknown;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** One object's result. */
export interface SweptObject extends Partial<LeftObject> {
  readonly key: string;
  readonly outcome: LeftObject['outcome'];
}

/** An ended sweep. */
export interface Sweep {
  readonly execution: Execution;
  // biome-ignore lint/suspicious/noExplicitAny: every test knows its own outputs
  readonly output: any;
  /** Results of all batches. */
  readonly objects: readonly SweptObject[];
}

/** The playbooks and their S3. */
export interface SweepStack {
  readonly s3: S3Client;
  readonly url: string;
  readonly engine: StepFunctionsEngine;
  /** Objects that SubmitFile got, in order; a claim makes later ones duplicates. */
  readonly submitted: readonly UploadedObject[];
  put(key: string, verdict?: string, bucket?: string): Promise<string | undefined>;
  sweep(input: unknown): Promise<Sweep>;
  scans(): readonly Execution[];
  close(): Promise<void>;
}

const arnOf = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;

/** Starts them. */
export async function startSweepStack(options: SweepOptions = {}): Promise<SweepStack> {
  const service = await openS3({ now: Date.now, onObjectCreated() {} });
  for (const name of [BUCKET, 'reports']) service.createBucket(name, { versioned: true });
  service.createBucket('plain', { versioned: false });
  const endpoint = await startAwsEndpoint({ services: [service], recorder: { record() {} } });
  const s3 = new S3Client({
    ...localClientOptions(endpoint.url),
    forcePathStyle: true,
    maxAttempts: 1,
  });
  const submitted: UploadedObject[] = [];
  const engine = new StepFunctionsEngine({
    stateMachines: machinesOf(options, endpoint.url),
    invoker: invokerOf(s3, options, submitted),
    clock: new InstantClock(),
  });
  return {
    s3,
    url: endpoint.url,
    engine,
    submitted,
    async put(Key, verdict, Bucket = BUCKET) {
      const Tagging = verdict === undefined ? undefined : `virustotal-verdict=${verdict}`;
      const request = new PutObjectCommand({ Bucket, Key, Body: `content of ${Key}`, Tagging });
      return (await s3.send(request)).VersionId;
    },
    async sweep(input) {
      const { executionArn } = engine.startExecution({
        stateMachineArn: arnOf('ScanExisting'),
        input: JSON.stringify(input),
      });
      return resultsOf(s3, await engine.ended(executionArn));
    },
    scans: () => engine.listExecutions(arnOf('ScanUpload')),
    async close() {
      await engine.close();
      s3.destroy();
      await endpoint.close();
    },
  };
}

/** The real definitions; only the names of resources are replaced by those here. */
function machinesOf({ context }: SweepOptions, url: string) {
  const all = definitions(context);
  const ids = JSON.stringify([...all.values()]);
  const [scanUploadArn = ''] =
    /arn:aws:states:[^"]*:stateMachine:[^"]*ScanUpload[^"]*/.exec(ids) ?? [];
  const [reports = ''] = /VirusTotalConnectorReportBucket[0-9A-F]+/.exec(ids) ?? [];
  return ['ScanUpload', 'ScanExisting'].map((name) => {
    const text = JSON.stringify(all.get(name));
    const definition = text
      .replaceAll(scanUploadArn, arnOf('ScanUpload'))
      .replaceAll(reports, 'reports');
    return {
      arn: arnOf(name),
      name,
      definition: JSON.parse(definition),
      objects: objectStoreOf('role', () => url),
    };
  });
}

function invokerOf(s3: S3Client, options: SweepOptions, submitted: UploadedObject[]): Invoker {
  const limits = () => ({ deadline: Date.now() + 240_000 });
  const functions = {
    FindUnscanned: (input: unknown) =>
      findUnscanned(
        { s3, filter: options.filter ?? {} },
        parseInput(findUnscannedInput, input),
        limits(),
      ),
    SubmitFile: async (event: unknown) => {
      submitted.push(objectOf(event));
      return {
        outcome: 'known',
        receipt: { scan_id: 'id', sha256: 'a' },
        reason: null,
        retryAfterSeconds: null,
      };
    },
    FileReputation: async () => ({ response_code: 1, verdict: { value: 'clean' } }),
    RecordVerdict: async ({ event, outcome }: { event: unknown; outcome: string }) => {
      const { bucket, key, versionId } = objectOf(event);
      const verdict = outcome === 'reported' ? 'clean' : 'unknown';
      const Tagging = { TagSet: [{ Key: 'virustotal-verdict', Value: verdict }] };
      await s3.send(
        new PutObjectTaggingCommand({
          Bucket: bucket,
          Key: key,
          VersionId: versionId ?? undefined,
          Tagging,
        }),
      );
      return { outcome, verdict, reason: null, reasons: ['No engine objects.'], error: null };
    },
  };
  return {
    async invoke(arn, payload): Promise<InvocationResult> {
      const found = Object.entries(functions).find(([name]) => arn.includes(`${name}Function`));
      if (!found) throw new Error(`no function ${arn}`);
      const [name, run] = found;
      try {
        if (name !== 'FileReputation') await options.before?.(nameOf(name), payload);
        return { status: 'succeeded', payload: JSON.stringify(await run(JSON.parse(payload))) };
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error;
        return { status: 'failed', error: { errorType: error.name, errorMessage: error.message } };
      }
    },
  };
}

function nameOf(name: string) {
  if (name === 'FindUnscanned' || name === 'SubmitFile' || name === 'RecordVerdict') return name;
  throw new Error(`no function ${name}`);
}

function objectOf(event: unknown): UploadedObject {
  const read = readEvent(event);
  if (read.kind !== 'object') throw new Error('not the event of one object');
  return read.notice.object;
}

async function resultsOf(s3: S3Client, execution: Execution): Promise<Sweep> {
  const output = execution.output === null ? null : JSON.parse(execution.output);
  const { results } = output ?? {};
  if (!results) return { execution, output, objects: [] };
  const read = async (Bucket: string, Key: string) =>
    JSON.parse(
      (await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ??
        '',
    );
  const { ResultFiles } = await read(results.bucket, results.key);
  const files = await Promise.all(
    ResultFiles.SUCCEEDED.map(({ Key }: { Key: string }) => read(results.bucket, Key)),
  );
  const batches = files.flat().map(({ Output }: { Output: string }) => JSON.parse(Output));
  return {
    execution,
    output,
    objects: batches.flatMap(({ scanned, left }) => [...scanned, ...left]),
  };
}
