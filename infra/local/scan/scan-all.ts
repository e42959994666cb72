/** Scans targets, each by the playbook that fits it. */
import { existsSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { localClientOptions } from '@local/cloud';
import type { Running } from '../running.ts';
import { execute } from './execution.ts';
import { readResult } from './read-result.ts';
import type { ScanResult } from './results.ts';
import { playbookArn, type ScanTools } from './scan-tools.ts';
import { scanFile, scanObjects } from './uploads.ts';

/** Scans all targets at once. A failure is a result too. */
export async function scanAll(
  running: Running,
  targets: readonly string[],
  onProgress: (text: string) => void,
): Promise<ScanResult[]> {
  const options = localClientOptions(running.awsUrl);
  const tools: ScanTools = {
    running,
    sfn: new SFNClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    onProgress,
  };
  try {
    const results = await Promise.all(targets.map((target) => scanTarget(tools, target)));
    return results.flat();
  } finally {
    tools.sfn.destroy();
    tools.s3.destroy();
  }
}

async function scanTarget(tools: ScanTools, target: string): Promise<ScanResult[]> {
  try {
    if (target.startsWith('s3://')) return await scanObjects(tools, target);
    if (existsSync(target)) return [await scanFile(tools, target)];
    return [await lookUp(tools, target)];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ target, verdict: 'failed', reason, output: null }];
  }
}

async function lookUp(
  { running, sfn, onProgress }: ScanTools,
  target: string,
): Promise<ScanResult> {
  const isUrl = /^h(tt|xx)ps?(:|\[:\])\/\//i.test(target);
  const ended = await execute(
    sfn,
    playbookArn(running, isUrl ? 'ScanUrl' : 'EnrichIndicators'),
    isUrl ? { url: target } : { indicators: [target] },
    (state) => onProgress(`${target}: ${state}`),
  );
  return readResult(target, ended);
}
