/** Scans what is in S3 already: with `ScanExisting`, which scans the objects that have no verdict. */
import { GetObjectCommand } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { execute } from './execution.ts';
import type { ScanResult } from './results.ts';
import { playbookArn, type ScanTools } from './scan-tools.ts';

const error = z.object({ name: z.string(), message: z.string() });

const swept = z.union([
  z.object({ error }),
  z.object({ results: z.object({ bucket: z.string(), key: z.string() }) }),
  z.object({ objects: z.literal(0) }),
]);

const manifest = z.object({
  ResultFiles: z.object({ SUCCEEDED: z.array(z.object({ Key: z.string() })) }),
});

const sweptObject = z.looseObject({
  key: z.string(),
  outcome: z.string(),
  verdict: z.optional(z.nullable(z.string())),
  reason: z.optional(z.nullable(z.string())),
  reasons: z.optional(z.array(z.string())),
  error: z.optional(z.nullable(error)),
});
const batches = z.array(z.object({ Output: z.string() }));
const batch = z.object({ scanned: z.array(sweptObject), left: z.array(sweptObject) });

/**
 * Sweeps an `s3://` address.
 *
 * @returns a result for each object below it
 * @throws Error if the sweep fails, or there are no objects
 */
export async function sweepObjects(tools: ScanTools, address: string): Promise<ScanResult[]> {
  const [bucket = '', ...path] = address.slice('s3://'.length).split('/');
  const { sfn, running, onProgress } = tools;
  const input = { bucket, prefix: path.join('/') };
  const ended = await execute(sfn, playbookArn(running, 'ScanExisting'), input, (state) =>
    onProgress(`${address}: ${state}`),
  );
  if (ended.status !== 'SUCCEEDED') throw new Error(ended.error ?? ended.status);
  const output = swept.parse(ended.output);
  if ('error' in output) throw new Error(`${output.error.name}: ${output.error.message}`);
  if ('objects' in output) throw new Error('no objects found');
  const objects = await readObjects(tools, output.results);
  return objects.map((object) => ({
    target: `s3://${bucket}/${object.key}`,
    type: 'object',
    verdict: object.outcome === 'failed' ? 'failed' : (object.verdict ?? 'skipped'),
    reason: reasonOf(object),
    output: object,
  }));
}

async function readObjects(
  { s3 }: ScanTools,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): Promise<z.infer<typeof sweptObject>[]> {
  const read = async (Key: string): Promise<unknown> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return JSON.parse((await Body?.transformToString()) ?? '');
  };
  const { ResultFiles } = manifest.parse(await read(key));
  const files = await Promise.all(ResultFiles.SUCCEEDED.map(({ Key }) => read(Key)));
  return files
    .flatMap((file) => batches.parse(file))
    .map(({ Output }) => batch.parse(JSON.parse(Output)))
    .flatMap(({ scanned, left }) => [...scanned, ...left]);
}

/** Why an object was not scanned, in words. */
const leftReasons: Readonly<Record<string, string>> = {
  'has-verdict': 'it had a verdict already',
  filtered: 'the filter of uploads leaves it out',
  gone: 'it was deleted',
};

function reasonOf({
  outcome,
  reason,
  reasons = [],
  error: named,
}: z.infer<typeof sweptObject>): string {
  if (named) return `${named.name}: ${named.message}`;
  return leftReasons[outcome] ?? (reason || reasons.join(' ') || outcome);
}
