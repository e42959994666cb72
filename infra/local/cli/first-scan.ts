/**
 * The first scan: the EICAR test file, from the local bucket to a report, through the served API, and to
 * the verdict that its upload leads to by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { RunningStack } from '@local/cloud';
import { localClientOptions } from '@local/cloud';
import { eicarBytes } from '@local/virustotal';
import { executionOf, follow } from '../scan/execution.ts';
import { readResult } from '../scan/read-result.ts';
import type { Terminal } from './terminal.ts';

/** The first scan has failed; the message says at which step and how. */
export class FirstScanError extends Error {
  override readonly name = 'FirstScanError';
}

/** How long a report is waited for, milliseconds; the real service may take minutes. */
const PATIENCE_MS = 10 * 60 * 1000;
const POLL_MS = 1000;

/** How the first scan goes. */
export interface FirstScanOptions {
  /** The trigger has filters, which may leave the upload out: no verdict is waited for. @default false */
  readonly isFiltered?: boolean;
}

/** A report, as far as the scan shows it. */
interface Report {
  readonly response_code: number;
  readonly verbose_msg: string;
  readonly scan_id: string | null;
  readonly positives: number | null;
  readonly total: number | null;
  readonly aggregate: number | null;
  readonly permalink: string | null;
  readonly threat_label?: string | null;
}

/**
 * Scans the EICAR test file. It is assembled here, and never whole in the repository or on the disk.
 *
 * @throws FirstScanError
 */
export async function firstScan(
  running: RunningStack,
  terminal: Terminal,
  { isFiltered = false }: FirstScanOptions = {},
): Promise<void> {
  const { apiUrl, awsUrl, stack } = running;
  const bucket = stack.outputs.UploadBucketName;
  terminal.line('First scan: the EICAR test file');
  await terminal.step(`put it into s3://${bucket}/eicar.com`, async () => {
    const s3 = new S3Client({ ...localClientOptions(awsUrl), forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'eicar.com', Body: eicarBytes() }));
    s3.destroy();
  });
  const { scan_id: scanId } = await terminal.step('POST /files', () =>
    call(`${apiUrl}/files`, { method: 'POST', body: JSON.stringify({ key: 'eicar.com' }) }),
  );
  if (scanId === null) throw new FirstScanError('the submission has no scan_id');
  const report = await terminal.step('GET /files/{scan_id} until it is scanned', () =>
    poll(`${apiUrl}/files/${encodeURIComponent(scanId)}`),
  );
  show(terminal, report);
  if (!report.positives) throw new FirstScanError('the EICAR test file was not found malicious');
  if (!isFiltered) await showVerdict(running, terminal);
}

async function showVerdict({ awsUrl, stack }: RunningStack, terminal: Terminal): Promise<void> {
  const sfn = new SFNClient(localClientOptions(awsUrl));
  const machine = stack.outputs.ScanUploadStateMachineArn ?? '';
  try {
    const execution = await executionOf(sfn, machine, (input) => input.includes('"eicar.com"'));
    const ended = await terminal.step('ScanUpload, which the upload has started', () =>
      follow(sfn, execution, () => {}),
    );
    const { verdict, reason } = readResult('eicar.com', ended);
    if (verdict === 'failed') throw new FirstScanError(`ScanUpload recorded no verdict: ${reason}`);
    terminal.line(`    ${'verdict'.padEnd(13)} ${verdict}: ${reason}`);
  } finally {
    sfn.destroy();
  }
}

function show(terminal: Terminal, report: Report): void {
  const rows: [string, unknown][] = [
    ['scan_id', report.scan_id],
    ['verbose_msg', report.verbose_msg],
    ['threat_label', report.threat_label],
    ['positives', report.positives],
    ['total', report.total],
    ['aggregate', report.aggregate],
    ['permalink', report.permalink],
  ];
  for (const [name, value] of rows) terminal.line(`    ${name.padEnd(13)} ${value}`);
}

async function poll(url: string): Promise<Report> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const report = await call(url);
    if (report.response_code === 1) return report;
    if (Date.now() > giveUpAt) throw new FirstScanError(`no report: ${report.verbose_msg}`);
    await sleep(POLL_MS);
  }
}

async function call(url: string, init?: RequestInit): Promise<Report> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { ...init, headers });
  const body = await response.text();
  if (!response.ok)
    throw new FirstScanError(`${init?.method ?? 'GET'} ${url}: HTTP ${response.status} ${body}`);
  return JSON.parse(body);
}
