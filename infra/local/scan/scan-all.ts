/** Scans targets, each by the playbook that fits it. */
import { existsSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { localClientOptions } from '@local/cloud';
import type { Running } from '../cli/running.ts';
import { type Ended, execute } from './execution.ts';
import { readResult } from './read-result.ts';
import type { ScanResult } from './results.ts';
import { scanFile, scanObjects } from './uploads.ts';

/** What a scan works with. */
export interface ScanTools {
  readonly running: Running;
  readonly sfn: SFNClient;
  readonly s3: S3Client;
  /** Told of progress. */
  readonly say: (text: string) => void;
}

/** Scans all targets; what cannot be scanned is a result as well. */
export async function scanAll(
  running: Running,
  targets: readonly string[],
  say: (text: string) => void,
): Promise<ScanResult[]> {
  const options = localClientOptions(running.awsUrl);
  const tools: ScanTools = {
    running,
    sfn: new SFNClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    say,
  };
  try {
    const results = await Promise.all(targets.map((target) => scan(tools, target)));
    return results.flat();
  } finally {
    tools.sfn.destroy();
    tools.s3.destroy();
  }
}

async function scan(tools: ScanTools, target: string): Promise<ScanResult[]> {
  try {
    if (target.startsWith('s3://')) return await scanObjects(tools, target);
    if (existsSync(target)) return [await scanFile(tools, target)];
    return [await lookUp(tools, target)];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ target, verdict: 'failed', reason, output: null }];
  }
}

async function lookUp(tools: ScanTools, target: string): Promise<ScanResult> {
  const isUrl = /^h(tt|xx)ps?(:|\[:\])\/\//i.test(target);
  const ended: Ended = await execute(
    tools.sfn,
    machineOf(tools.running, isUrl ? 'ScanUrl' : 'EnrichIndicators'),
    isUrl ? { url: target } : { indicators: [target] },
    (state) => tools.say(`${target}: ${state}`),
  );
  return readResult(target, ended);
}

/**
 * The ARN of a playbook.
 *
 * @throws Error when the stack has none of that name
 */
export function machineOf({ outputs }: Running, name: string): string {
  const arn = outputs[`${name}StateMachineArn`];
  if (arn === undefined) throw new Error(`the stack has no playbook ${name}`);
  return arn;
}
