/** `ScanUpload` through every branch, uploads starting it: with the deployed bundles. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { localClientOptions } from '@local/cloud';
import { eicarBytes, type Fault } from '@local/virustotal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUEUED_CALLS } from '../../support/lambda-faults.ts';
import {
  type Ended,
  type PlaybookStack,
  SCENARIO_MS,
  startPlaybookStack,
} from '../../support/playbook-stack.ts';
import { STARTUP_MS } from '../../support/running-stack.ts';
import {
  type Asked,
  at,
  instead,
  longAnswers,
  lookUpOf,
  md5Of,
  refusals,
  sha256Of,
  spentDay,
} from '../../support/virustotal-faults.ts';

const MAX_FILE_BYTES = 681_574_400;

let stack: PlaybookStack;
let s3: S3Client;
/** They wait for a day, at the same time as the others. */
let slow: Promise<readonly Ended[]>;
/** One of them hangs for ten seconds of real time. */
let twice: Promise<readonly [first: Ended, second: Ended]>;

beforeAll(async () => {
  stack = await startPlaybookStack({ isTriggered: true });
  s3 = new S3Client({ ...localClientOptions(stack.awsUrl), forcePathStyle: true });
  slow = Promise.all([
    scanSlowly('slow.bin', 'slow'),
    // Its analysis runs before it could be sent.
    scanForever('slow-by-hash.bin', 'slow, by hash'),
  ]);
  twice = scanTwice('twice.bin', TWICE);
}, STARTUP_MS);
afterAll(async () => {
  s3?.destroy();
  await stack?.close();
});

/** What a crash ends with when the call is made again three times in vain. */
const crashes = { kind: 'crashed', times: 4 } as const;
const submission = at('POST', '/files');

/** Content of the object that two executions scan at once. */
const TWICE = 'two events at once';

/** Scans an object of which VirusTotal never has a report. */
function scanSlowly(key: string, body: string): Promise<Ended> {
  stack.simulator.fault(refusals.unknown(lookUpOf(body)));
  return scanForever(key, body);
}

/** Scans an object that is always under analysis. */
function scanForever(key: string, body: string): Promise<Ended> {
  stack.simulator.fault(refusals.notYet(lookUpOf(body), 'always'));
  return stack.scan(key, body);
}

/** Scans an object while every call meets spent days; then VirusTotal gives these answers, and a report. */
function scanTomorrow(key: string, answers: readonly ((asked: Asked) => Fault)[]): Promise<Ended> {
  const body = `tomorrow: ${key}`;
  const spend = () => {
    for (const seconds of spentDay) {
      stack.simulator.fault(refusals.quota(lookUpOf(body), 1, seconds));
    }
  };
  for (const answer of answers) {
    spend();
    stack.simulator.fault(answer(lookUpOf(body)));
  }
  spend();
  return stack.scan(key, body);
}

/** Starts a scan that hangs, and another of the same object. */
async function scanTwice(key: string, body: string): Promise<readonly [Ended, Ended]> {
  stack.simulator.fault({ ...lookUpOf(body), kind: 'stall' });
  const first = stack.scan(key, body);
  const isAsked = () => stack.simulator.requests.some(({ path }) => path.endsWith(md5Of(body)));
  while (!isAsked()) await sleep(20);
  return Promise.all([first, stack.execute('ScanUpload', eventOfUpload(key))]);
}

/** What the execution ends with, when there is no error. */
const recorded = (outcome: string, verdict: string, rest: object = {}) => ({
  status: 'SUCCEEDED',
  output: { outcome, verdict, ...rest },
});

/** What the execution ends with, when the error is the outcome. */
const failed = (name: string) => recorded('failed', 'unknown', { error: { name } });

async function tagsOf(key: string): Promise<Record<string, string | undefined>> {
  const { TagSet = [] } = await s3.send(
    new GetObjectTaggingCommand({ Bucket: stack.bucket, Key: key }),
  );
  return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]));
}

/** The event that started a scan. */
function eventOfUpload(key: string): unknown {
  const arn = stack.stack.outputs.ScanUploadStateMachineArn ?? '';
  const started = stack.stateMachines
    .listExecutions(arn)
    .find(({ input }) => JSON.parse(input).detail?.object.key === key);
  if (!started) throw new Error(`the upload of ${key} has started no scan`);
  return JSON.parse(started.input);
}

/** The event of an upload, for an object that the test describes. */
const eventOf = (bucket: string, object: object) => ({
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: { bucket: { name: bucket }, object: { size: 5, sequencer: '01', ...object } },
});

describe('an upload', () => {
  it(
    'that VirusTotal does not know ends with its verdict, whatever refuses the calls for a while',
    async () => {
      const key = 'patient.bin';
      const body = 'patient: simulated-malware';
      const asked = lookUpOf(body);
      stack.lambdaFaults.add({ kind: 'throttled', of: 'SubmitFile', with: key });
      stack.lambdaFaults.add({ kind: 'throttled', of: 'FileReputation', with: sha256Of(body) });
      stack.lambdaFaults.add({ kind: 'throttled', of: 'RecordVerdict', with: key, times: 3 });
      for (const then of [refusals.unknown(asked), refusals.notYet(asked)]) {
        stack.simulator.fault(refusals.unavailable(asked));
        stack.simulator.fault(refusals.quota(asked, 2));
        stack.simulator.fault(then);
      }
      const ended = await stack.scan(key, body);
      const reasons = [
        expect.stringMatching(/ engines call it malicious; the policy requires 3\.$/),
      ];
      expect(ended).toMatchObject(recorded('reported', 'malicious', { error: null, reasons }));
      for (const call of ['SubmitFile', 'FileReputation']) {
        const waits = ended.states.filter((state) => state === `${call}: Wait for quota`);
        expect(waits.length).toBeGreaterThanOrEqual(2);
      }
      expect(ended.states.filter((state) => state === 'Wait for analysis')).toHaveLength(2);
      expect(await tagsOf(key)).toMatchObject({ 'virustotal-verdict': 'malicious' });
    },
    SCENARIO_MS,
  );

  it(
    'that VirusTotal knows has its verdict at once, and is not sent',
    async () => {
      const ended = await stack.scan('known.com', eicarBytes());
      expect(ended).toMatchObject(recorded('reported', 'malicious'));
      expect(ended.states).not.toContain('Wait for analysis');
      const sent = stack.simulator.requests.filter(({ file }) => file);
      expect(sent.map(({ file }) => file?.sha256)).not.toContain(sha256Of(eicarBytes()));
    },
    SCENARIO_MS,
  );

  it(
    'whose event comes again gets the same record, and is not sent twice',
    async () => {
      const body = 'an upload whose event comes again';
      const first = await stack.scan('again.bin', body);
      expect(first).toMatchObject(recorded('reported', 'clean'));
      const again = await stack.execute('ScanUpload', eventOfUpload('again.bin'));
      expect(again.output).toEqual(first.output);
      const sent = stack.simulator.requests.filter(({ file }) => file?.sha256 === sha256Of(body));
      expect(sent).toHaveLength(1);
    },
    SCENARIO_MS,
  );

  it(
    'that another execution hangs at is waited for, and sent once',
    async () => {
      const [first, second] = await twice;
      expect(second).toMatchObject(recorded('reported', 'clean'));
      expect(second.states).toContain('Wait for concurrent submission');
      // Lambda may end it before it can say that it was late.
      expect(first).toMatchObject({ status: 'SUCCEEDED' });
      const sent = stack.simulator.requests.filter(({ file }) => file?.sha256 === sha256Of(TWICE));
      expect(sent).toHaveLength(1);
    },
    SCENARIO_MS,
  );

  it(
    'whose arrival is in doubt is sent again once the doubt is resolved',
    async () => {
      const body = 'the connection breaks when all is sent';
      stack.simulator.fault({ ...submission, kind: 'reset', at: 'after-body' });
      const ended = await stack.scan('doubt.bin', body);
      expect(ended).toMatchObject(recorded('reported', 'clean'));
      const sent = stack.simulator.requests.filter(({ file }) => file?.sha256 === sha256Of(body));
      expect(sent).toHaveLength(1);
    },
    SCENARIO_MS,
  );

  it(
    'has a report even after VirusTotal could not be reached for long',
    async () => {
      const body = 'down for long';
      stack.simulator.fault(refusals.unknown(lookUpOf(body)));
      // All tries of one look.
      stack.simulator.fault(refusals.unavailable(lookUpOf(body), 5));
      const ended = await stack.scan('down.bin', body);
      expect(ended).toMatchObject(recorded('reported', 'clean'));
      expect(ended.states).toContain('Retry lookup?');
    },
    SCENARIO_MS,
  );
});

describe('an upload that is skipped', () => {
  it(
    'is empty',
    async () => {
      const ended = await stack.scan('empty.bin', Buffer.alloc(0));
      expect(ended).toMatchObject(recorded('skipped', 'skipped', { error: null }));
      expect(ended.output.reason).toMatch(/empty/);
    },
    SCENARIO_MS,
  );

  it(
    'was overwritten before it was read, in a bucket without versions',
    async () => {
      const bucket = 'bucket-without-versions';
      await stack.createBucket(bucket, { isVersioned: false });
      await stack.put('new.bin', 'what is there now', bucket);
      const etag = 'd41d8cd98f00b204e9800998ecf8427e';
      const ended = await stack.execute('ScanUpload', eventOf(bucket, { key: 'new.bin', etag }));
      expect(ended).toMatchObject(recorded('skipped', 'skipped'));
      expect(ended.output.reason).toMatch(/it was replaced/);
    },
    SCENARIO_MS,
  );

  it(
    'is gone, may not be read, or is too large',
    async () => {
      const { bucket, s3Gate } = stack;
      s3Gate.fault('/denied.bin', { status: 403, code: 'AccessDenied' });
      s3Gate.fault('/large.bin', { announced: MAX_FILE_BYTES + 1 });
      for (const [key, name] of [
        ['gone.bin', 'ObjectNotFoundError'],
        ['denied.bin', 'ObjectAccessDeniedError'],
        ['large.bin', 'ObjectTooLargeError'],
      ]) {
        const event = eventOf(bucket, { key, etag: '0123456789abcdef0123456789abcdef' });
        const ended = await stack.execute('ScanUpload', event);
        expect(ended).toMatchObject(recorded('skipped', 'skipped', { error: { name } }));
        expect(ended.output.reason).toContain(key);
      }
    },
    SCENARIO_MS,
  );
});

describe('an upload whose analysis has no id', () => {
  // VirusTotal has it, and no report yet: by the MD5 of S3, and by the SHA-256 of what was read.
  const running = (body: string) => stack.simulator.fault(refusals.notYet(lookUpOf(body), 2));

  it(
    'is looked up by its hash until it has ended, whatever refuses the call for a while',
    async () => {
      const body = 'by hash';
      const asked = lookUpOf(body);
      running(body);
      const fault = { of: 'FileReputation', with: sha256Of(body) };
      stack.lambdaFaults.add({ ...fault, kind: 'throttled' });
      // All tries of one look.
      stack.simulator.fault(refusals.unavailable(asked, 5));
      stack.simulator.fault(refusals.quota(asked));
      stack.simulator.fault(refusals.notYet(asked));
      const results = { Engine: { category: 'malicious', result: 'Found' } };
      const attributes = { last_analysis_date: 2_000_000_000, last_analysis_results: results };
      const data = { type: 'file', id: sha256Of(body), attributes };
      stack.simulator.fault(instead(asked, { data }));
      const ended = await stack.scan('by-hash.bin', body);
      expect(ended).toMatchObject(recorded('reported', 'suspicious'));
      expect(ended.states.filter((state) => state === 'By hash: Wait for analysis')).toHaveLength(
        2,
      );
      const sent = stack.simulator.requests.filter(({ file }) => file?.sha256 === sha256Of(body));
      expect(sent).toEqual([]);
    },
    SCENARIO_MS,
  );

  it(
    'has failed when it may not be looked up, the function crashes each time, or the report is too long',
    async () => {
      const bodies = ['by hash, forbidden', 'by hash, crashed', 'by hash, long'] as const;
      bodies.forEach(running);
      const [forbidden, crashed, long] = bodies;
      stack.simulator.fault(refusals.forbidden(lookUpOf(forbidden)));
      stack.lambdaFaults.add({ ...crashes, of: 'FileReputation', with: sha256Of(crashed) });
      stack.simulator.fault(instead(lookUpOf(long), longAnswers.file(sha256Of(long))));
      expect(await stack.scan('1.bin', forbidden)).toMatchObject(
        failed('ForbiddenByVirusTotalError'),
      );
      expect(await stack.scan('2.bin', crashed)).toMatchObject(failed('Runtime.ExitError'));
      expect(await stack.scan('3.bin', long)).toMatchObject(failed('States.DataLimitExceeded'));
    },
    SCENARIO_MS,
  );
});

describe('an upload has failed', () => {
  it(
    'when the quota lets the next try come only after the end of the execution, in every call',
    async () => {
      const fault = { kind: 'queued', times: QUEUED_CALLS } as const;
      const [looking, byHash] = ['queued, looked up', 'queued, looked up by hash'];
      stack.simulator.fault(refusals.notYet(lookUpOf(byHash), 2));
      stack.lambdaFaults.add({ ...fault, of: 'SubmitFile', with: 'queued-1.bin' });
      for (const body of [looking, byHash]) {
        stack.lambdaFaults.add({ ...fault, of: 'FileReputation', with: sha256Of(body) });
      }
      const ends = await Promise.all([
        stack.scan('queued-1.bin', 'queued'),
        stack.scan('queued-2.bin', looking),
        stack.scan('queued-3.bin', byHash),
      ]);
      for (const ended of ends) expect(ended).toMatchObject(failed('QuotaExceededError'));
    },
    SCENARIO_MS,
  );

  it(
    'when it is none: nothing is submitted',
    async () => {
      const { bucket } = stack;
      await stack.put('by-hand.bin', 'by hand');
      const ended = await stack.execute('ScanUpload', { bucket, key: 'by-hand.bin' });
      expect(ended).toMatchObject(failed('InvalidInputError'));
      expect(ended.states).not.toContain('SubmitFile');
    },
    SCENARIO_MS,
  );

  it(
    'when it may not be submitted, the function crashes each time, or the receipt is too long',
    async () => {
      const body = 'submission, refused';
      stack.simulator.fault(refusals.wrongKey(lookUpOf(body)));
      expect(await stack.scan('submit-1.bin', body)).toMatchObject(failed('ApiKeyError'));
      stack.lambdaFaults.add({ ...crashes, of: 'SubmitFile', with: 'submit-2.bin' });
      const crashed = await stack.scan('submit-2.bin', 'submission, crashed');
      expect(crashed).toMatchObject(failed('Runtime.ExitError'));
      stack.simulator.fault(instead(submission, longAnswers.analysis));
      const long = await stack.scan('submit-3.bin', 'submission, long');
      expect(long).toMatchObject(failed('States.DataLimitExceeded'));
    },
    SCENARIO_MS,
  );

  it(
    'when it may not be looked up, the function crashes each time, or the report is too long',
    async () => {
      const bodies = ['look, forbidden', 'look, crashed', 'look, long'] as const;
      for (const body of bodies) stack.simulator.fault(refusals.unknown(lookUpOf(body)));
      const [forbidden, crashed, long] = bodies;
      stack.simulator.fault(refusals.notJson(lookUpOf(forbidden)));
      stack.lambdaFaults.add({ ...crashes, of: 'FileReputation', with: sha256Of(crashed) });
      stack.simulator.fault(instead(lookUpOf(long), longAnswers.file(sha256Of(long))));
      expect(await stack.scan('look-1.bin', forbidden)).toMatchObject(failed('UpstreamError'));
      expect(await stack.scan('look-2.bin', crashed)).toMatchObject(failed('Runtime.ExitError'));
      const ended = await stack.scan('look-3.bin', long);
      expect(ended).toMatchObject(failed('States.DataLimitExceeded'));
    },
    SCENARIO_MS,
  );

  it(
    'when nothing can be recorded for an hour: then the rule on failed executions records it',
    async () => {
      const key = 'unrecorded.bin';
      // The first try and the thirty that follow.
      stack.lambdaFaults.add({ kind: 'late', of: 'RecordVerdict', with: key, times: 31 });
      const ended = await stack.scan(key, 'unrecorded');
      expect(ended).toMatchObject({ status: 'FAILED', error: 'UpstreamTimeoutError' });
      const verdict = async () => (await tagsOf(key))['virustotal-verdict'];
      await expect.poll(verdict, { timeout: SCENARIO_MS }).toBe('unknown');
    },
    SCENARIO_MS,
  );
});

it(
  'a report of more than half of what a state may give is recorded',
  async () => {
    const body = 'a long report';
    const long = 'x'.repeat(200_000);
    const data = {
      type: 'file',
      id: sha256Of(body),
      attributes: { last_analysis_date: 2_000_000_000, type_description: long },
    };
    stack.simulator.fault(refusals.unknown(lookUpOf(body)));
    stack.simulator.fault(instead(lookUpOf(body), { data }));
    expect(await stack.scan('long.bin', body)).toMatchObject(recorded('reported', 'unknown'));
  },
  SCENARIO_MS,
);

it(
  'an upload waits for days when the quota is spent, in every call',
  async () => {
    const ends = await Promise.all([
      scanTomorrow('tomorrow.bin', [refusals.unknown, refusals.notYet]),
      scanTomorrow('by-hash-tomorrow.bin', [refusals.notYet]),
    ]);
    for (const ended of ends) expect(ended).toMatchObject({ status: 'SUCCEEDED' });
    const waits = ends.map(
      ({ states }) => states.filter((state) => state.endsWith(': Wait for quota')).length,
    );
    // Each is refused so often itself, and waits with the other and with those that look again.
    expect(waits[0]).toBeGreaterThanOrEqual(6);
    expect(waits[1]).toBeGreaterThanOrEqual(4);
  },
  SCENARIO_MS,
);

it(
  'an upload is pending when VirusTotal has no report after 24 h',
  async () => {
    const [sent, running] = await slow;
    for (const ended of [sent, running]) {
      expect(ended).toMatchObject(recorded('pending', 'pending'));
    }
    const count = (states: readonly string[], name: string) =>
      states.filter((state) => state === name).length;
    // A look that has to wait for the quota is made again.
    const looks = (states: readonly string[] = [], name: string) =>
      count(states, name) - count(states, `${name}: Wait for quota`);
    expect(looks(sent?.states, 'FileReputation')).toBe(111);
    // The first look is at once.
    expect(looks(running?.states, 'FileReputation by hash')).toBe(112);
    expect(await tagsOf('slow.bin')).toMatchObject({ 'virustotal-verdict': 'pending' });
  },
  SCENARIO_MS,
);

it('has no branch that was not taken', () => {
  expect(stack.lambdaFaults.unused).toEqual([]);
  expect(stack.uncovered('ScanUpload')).toEqual([]);
});
