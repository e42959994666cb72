/** The first scan: uploads the EICAR test file and shows its report and its verdict. */
import {
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { RunningStack } from '@local/cloud';
import { localClientOptions } from '@local/cloud';
import { eicarBytes } from '@local/virustotal';
import type { ApiFetch } from '../api-fetch.ts';
import { followExecution, ScanFinder, type UploadedVersion } from '../scan/execution.ts';
import { readResult } from '../scan/read-result.ts';
import type { Terminal } from './terminal.ts';
import {
  FirstScanError,
  type Report,
  type ReportWaitOptions,
  readAnswer,
  waitForReport,
} from './wait-for-report.ts';

/** How to scan. */
export interface FirstScanOptions extends ReportWaitOptions {
  /** The trigger has filters, which may ignore the upload: do not wait for its verdict. */
  readonly isFiltered: boolean;
}

/**
 * Scans the EICAR test file, which is assembled in memory: no complete copy is in the repository or on
 * disk.
 *
 * @throws FirstScanError
 */
export async function firstScan(
  running: RunningStack,
  terminal: Terminal,
  options: FirstScanOptions,
): Promise<void> {
  const { apiUrl, awsUrl, stack } = running;
  const bucket = stack.outputs.UploadBucketName;
  terminal.line('First scan: the EICAR test file');
  const key = 'eicar.com';
  const { VersionId: versionId } = await terminal.step(`upload to s3://${bucket}/${key}`, () =>
    putObject(awsUrl, { Bucket: bucket, Key: key, Body: eicarBytes() }),
  );
  const { scan_id: scanId } = await terminal.step('POST /files', () =>
    submit(`${apiUrl}/files`, options.fetch),
  );
  if (scanId === null) throw new FirstScanError('POST /files returned no scan_id');
  const report = await terminal.step('GET /files/{scan_id} until the report is there', () =>
    waitForReport(`${apiUrl}/files/${encodeURIComponent(scanId)}`, options),
  );
  show(terminal, report);
  if (!report.positives) throw new FirstScanError('no engine detected the EICAR test file');
  if (!options.isFiltered) await showVerdict(running, terminal, { key, versionId });
}

async function putObject(
  awsUrl: string,
  input: PutObjectCommandInput,
): Promise<PutObjectCommandOutput> {
  const s3 = new S3Client({ ...localClientOptions(awsUrl), forcePathStyle: true });
  return s3.send(new PutObjectCommand(input)).finally(() => s3.destroy());
}

async function showVerdict(
  { awsUrl, stack }: RunningStack,
  terminal: Terminal,
  upload: UploadedVersion,
): Promise<void> {
  const sfn = new SFNClient(localClientOptions(awsUrl));
  const machine = stack.outputs.ScanUploadStateMachineArn ?? '';
  try {
    const execution = await new ScanFinder(sfn, machine).find(upload);
    const ended = await terminal.step('ScanUpload, started by the upload', () =>
      followExecution(sfn, execution, () => {}),
    );
    const { verdict, reason } = readResult(upload.key, 'file', ended);
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

async function submit(url: string, fetch: ApiFetch): Promise<Report> {
  const body = JSON.stringify({ key: 'eicar.com' });
  const headers = { 'content-type': 'application/json' };
  return readAnswer(await fetch(url, { method: 'POST', headers, body }));
}
