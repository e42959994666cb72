/** Submissions, which publish generated files on VirusTotal. */
import {
  fileReputation,
  submissionStatus,
  submitFile,
} from '../../../shared/operations/catalogue.ts';
import { MAX_FILE_BYTES } from '../../../shared/virustotal/limits.ts';
import { type ApiAnswer, callApi } from '../call-api.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { scanOfObject, stopExecutionOf } from '../executions.ts';
import { fieldOf } from '../field-of.ts';
import { generateFile } from '../generated-file.ts';
import { CheckFailure, expectEqual, NotChecked, shown } from '../outcomes.ts';
import { poll } from '../polling.ts';
import { whenQuotaAllows } from '../quota.ts';
import { uploadPlace } from '../scan-of-upload.ts';
import { expectOutput, outputOverHttp, throwIfThrottled } from './lookups.ts';

/** VirusTotal analyses a text within minutes, milliseconds. */
const ANALYSIS_PATIENCE_MS = 15 * 60_000;
/** A lookup costs a request: not more than one in this time, milliseconds. */
const LOOKUP_PAUSE_MS = 20_000;
/** 650 MiB through one function, after waiting for the quota, milliseconds. */
const LARGE_PATIENCE_MS = 30 * 60_000;
/** `POST /files` answers 202 for longer files. */
const LARGEST_IN_CALL = 32_000_000;

const PUBLISHED = 'the generated files on VirusTotal';
const LOOKUPS = Math.ceil(ANALYSIS_PATIENCE_MS / LOOKUP_PAUSE_MS);
/** Of the scan that an upload starts: its submission, and lookups until it is stopped. */
const OF_A_SCAN = 15;

/** A new file is pending, and then has a report. */
export const submitText: Check = {
  id: 'submit-text',
  proves:
    'Right after the submission of a new file, its `scan_id` answers -2, or its report if the analysis was fast; minutes later it has a report.',
  class: 'submit',
  requests: 3 + LOOKUPS + OF_A_SCAN,
  leaves: PUBLISHED,
  async run(context) {
    const { key, digests } = await putGenerated(context, 100);
    const body = { key, upload: 'always' };
    const receipt = await outputOverHttp(context, submitFile, { path: '/files', body });
    expectOutput('submit_sample', submitFile, receipt);
    expectEqual('sha256 of the submission', fieldOf(receipt, 'sha256'), digests.sha256);
    const path = `/files/${encodeURIComponent(String(fieldOf(receipt, 'scan_id')))}`;
    const first = await outputOverHttp(context, fileReputation, { path });
    const code = fieldOf(first, 'response_code');
    // A fast analysis may have ended by then.
    if (code !== 1) expectEqual('response_code right after the submission', code, -2);
    const report = await poll(context, ANALYSIS_PATIENCE_MS, async () => {
      await context.sleep(context.target.local ? 500 : LOOKUP_PAUSE_MS);
      const output = await outputOverHttp(context, fileReputation, { path });
      return fieldOf(output, 'response_code') === 1 ? output : undefined;
    });
    if (!report) throw new NotChecked('VirusTotal has not analysed the text within 15 minutes');
    expectOutput('file_reputation', fileReputation, report);
    return `first ${code}, then ${fieldOf(report, 'positives')} of ${fieldOf(report, 'total')} engines`;
  },
};

/** Sizes that go within the call. */
export const inCall: Check = {
  id: 'submit-in-call',
  proves:
    '`POST /files` sends files of 1 byte and of 32 MB within the call, and the digests are right.',
  class: 'large',
  requests: 4 + 2 * OF_A_SCAN,
  leaves: PUBLISHED,
  async run(context) {
    const seconds: number[] = [];
    for (const size of [1, LARGEST_IN_CALL]) {
      const { key, digests } = await putGenerated(context, size);
      const startedAt = performance.now();
      const output = await outputOverHttp(context, submitFile, { path: '/files', body: { key } });
      seconds.push((performance.now() - startedAt) / 1000);
      expectOutput('submit_sample', submitFile, output);
      for (const [name, digest] of Object.entries(digests)) {
        expectEqual(`${name} of ${size} bytes`, fieldOf(output, name), digest);
      }
    }
    return `1 byte in ${seconds[0]?.toFixed(1)} s, 32 MB in ${seconds[1]?.toFixed(1)} s`;
  },
};

/** The largest file is accepted, and submitted by the playbook. */
export const accepted: Check = {
  id: 'submit-accepted',
  proves:
    '`POST /files` answers 202 for a file of 650 MiB. `GET` of its `Location` on the same host is `running`, then `succeeded` with the right digests.',
  class: 'large',
  requests: 3 + OF_A_SCAN,
  leaves: PUBLISHED,
  async run(context) {
    const { key, digests } = await putGenerated(context, MAX_FILE_BYTES);
    const answer = await quotaCall(context, { method: 'POST', path: '/files', body: { key } });
    expectEqual(`${answer.call} for 650 MiB`, answer.status, 202);
    const location = answer.headers.get('location') ?? '';
    const { pathname } = new URL(context.target.apiUrl);
    if (!location.startsWith(`${pathname}/submissions/`)) {
      throw new CheckFailure(
        `Location: got ${shown(location)}; expected ${pathname}/submissions/...`,
      );
    }
    const path = location.slice(pathname.length);
    const end = await poll(context, LARGE_PATIENCE_MS, async () => {
      const { status, body, call } = await callApi(context, { path });
      expectEqual(call, status, 200);
      return fieldOf(body, 'status') === 'running' ? undefined : body;
    });
    if (!end) throw new NotChecked(`${location} still runs after 30 minutes`);
    expectOutput('the submission', submissionStatus, end);
    expectEqual('status of the submission', fieldOf(end, 'status'), 'succeeded');
    const sent = fieldOf(end, 'output');
    for (const [name, digest] of Object.entries(digests)) {
      expectEqual(`${name} of 650 MiB`, fieldOf(sent, name), digest);
    }
    return 'succeeded';
  },
};

/** An object of another bucket. */
export const otherBucket: Check = {
  id: 'read-bucket',
  proves: '`submit_sample` reads an object of another bucket, and its digests are right.',
  class: 'bucket',
  requests: 1,
  async run(context) {
    const { settings, runId, objects } = context;
    const bucket = settings.bucket ?? '';
    const place = { bucket, prefix: `verify/${runId}/` };
    const file = generateFile(100);
    const { key } = await objects.put(place, 'generated.txt', {
      Body: file.body,
      ContentLength: file.size,
    });
    const body = { bucket, key, upload: 'never' };
    const output = await outputOverHttp(context, submitFile, { path: '/files', body });
    for (const [name, digest] of Object.entries(file.digests())) {
      expectEqual(`${name} of s3://${bucket}/${key}`, fieldOf(output, name), digest);
    }
    return `s3://${bucket}`;
  },
};

/** Puts a generated file into the upload bucket. It is scanned too; that scan is stopped before the file is removed. */
async function putGenerated(context: CheckContext, size: number) {
  const { bucket } = uploadPlace(context);
  const file = generateFile(size);
  context.progress(`uploading ${size} bytes to s3://${bucket}`);
  const since = Date.now() - 10_000;
  const object = await context.objects.put(uploadPlace(context), `generated-${size}.txt`, {
    Body: file.body,
    ContentLength: file.size,
  });
  context.objects.before(async () => {
    const scan = await scanOfObject(context, object, since);
    if (scan !== undefined) await stopExecutionOf(context, scan);
    return true;
  });
  return { key: object.key, digests: file.digests() };
}

function quotaCall(context: CheckContext, call: Parameters<typeof callApi>[1]): Promise<ApiAnswer> {
  return whenQuotaAllows(context, async () => {
    const answer = await callApi(context, call);
    throwIfThrottled(answer);
    return answer;
  });
}
