/** Scans targets, each by the playbook that fits it. */
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { localClientOptions } from '@local/cloud';
import type { Running } from '../running.ts';
import { execute, ScanFinder } from './execution.ts';
import { readResult } from './read-result.ts';
import { readTarget, type Target } from './read-target.ts';
import type { ScanResult } from './results.ts';
import { playbookArn, type ScanTools } from './scan-tools.ts';
import { sweepObjects } from './sweep.ts';
import { scanFile } from './uploads.ts';

/** Scans at the same time: more only wait for the quota, and hold connections and memory. */
const CONCURRENCY = 4;

/** Scans the targets, four at a time. A failure is a result too. */
export async function scanAll(
  running: Running,
  targets: readonly string[],
  onProgress: (text: string) => void,
): Promise<ScanResult[]> {
  const options = localClientOptions(running.awsUrl);
  const sfn = new SFNClient(options);
  const tools: ScanTools = {
    running,
    sfn,
    s3: new S3Client({ ...options, forcePathStyle: true }),
    finder: new ScanFinder(sfn, playbookArn(running, 'ScanUpload')),
    onProgress,
  };
  try {
    return await runScans(targets.map((target) => planScan(tools, target)));
  } finally {
    tools.sfn.destroy();
    tools.s3.destroy();
  }
}

/** The scan of a target: one result, or one for each object below an `s3://` address. */
type Scan = () => Promise<ScanResult[]>;

/** Returns the results in the order of the scans. */
async function runScans(scans: readonly Scan[]): Promise<ScanResult[]> {
  const results: ScanResult[][] = [];
  const waiting = [...scans.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, scan] = next;
      results[index] = await scan();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results.flat();
}

function planScan(tools: ScanTools, target: string): Scan {
  const read = readTarget(target);
  if (read.type === 'none') return async () => [failedScan(target, 'none', read.why)];
  if (read.type === 'objects') {
    return orFailed(target, 'object', () => sweepObjects(tools, read.address));
  }
  return orFailed(target, read.type, async () => [await scanTarget(tools, target, read)]);
}

function orFailed(target: string, type: ScanResult['type'], scan: Scan): Scan {
  return () => scan().catch((error) => [failedScan(target, type, error)]);
}

function failedScan(target: string, type: ScanResult['type'], error: unknown): ScanResult {
  const reason = error instanceof Error ? error.message : String(error);
  return { target, type, verdict: 'failed', reason, output: null };
}

async function scanTarget(
  tools: ScanTools,
  target: string,
  read: Exclude<Target, { type: 'none' | 'objects' }>,
): Promise<ScanResult> {
  if (read.type === 'file') return scanFile(tools, target, read);
  const { type, indicator } = read;
  const { running, sfn, onProgress } = tools;
  const ended = await execute(
    sfn,
    playbookArn(running, type === 'url' ? 'ScanUrl' : 'EnrichIndicators'),
    type === 'url' ? { url: indicator } : { indicators: [indicator] },
    (state) => onProgress(`${target}: ${state}`),
  );
  return readResult(target, type, ended);
}
