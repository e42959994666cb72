import type { Workflow } from '@local/cloud/step-functions';
import { namedError, type StubFunction } from '@local/cloud/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { summaryOf } from '../../../shared/uploads/record/decide.ts';
import { scanOutcomeInput } from '../../../shared/uploads/record/scan-outcome.ts';
import { definitions, play } from '../../support/playbooks.ts';

let machine: Workflow | undefined;

beforeAll(() => {
  machine = definitions().get('ScanUpload');
}, 90_000);

const event = {
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '000000000000',
  time: '2026-11-25T20:00:00Z',
  region: 'us-east-1',
  resources: ['arn:aws:s3:::bucket'],
  detail: { bucket: { name: 'bucket' }, object: { key: 'a "b" \\ {} é.txt', size: 5, etag: 'x' } },
};
const sha256 = 'a'.repeat(64);
const scan_id = `${sha256}-1700000000`;
const answer = (outcome: string, receipt: object | null = { scan_id, sha256 }) => ({
  outcome,
  receipt,
  reason: null,
  retryAfterSeconds: null,
});
const report = (response_code: number, value: string) => ({
  response_code,
  scans: { Engine: { detected: true } },
  verdict: { value, reasons: ['because'] },
});
const throwing = (error: Error): StubFunction => {
  return () => {
    throw error;
  };
};

interface Stubs {
  readonly submit?: StubFunction;
  readonly look?: StubFunction;
  readonly record?: StubFunction;
}

/** Plays; what is recorded is what the deployed function would make of the request. */
async function run({ submit, look, record }: Stubs = {}, input: unknown = event) {
  const played = await play(machine, input, {
    SubmitFile: submit ?? (() => answer('submitted')),
    FileReputation: look ?? (() => report(1, 'malicious')),
    RecordVerdict: record ?? ((request) => summaryOf(scanOutcomeInput.parse(request))),
  });
  const requests = played.invoker.inputsOf('RecordVerdict').map((one) => {
    return scanOutcomeInput.parse(one);
  });
  return { ...played, requests };
}

describe('a file that is submitted', () => {
  it('is looked up after a pause, and recorded with the whole report', async () => {
    const { output, requests, invoker, waits, execution } = await run();
    expect(output).toEqual({
      outcome: 'reported',
      verdict: 'malicious',
      reason: null,
      scan_id,
      error: null,
    });
    expect(requests).toEqual([
      {
        event,
        outcome: 'reported',
        reason: null,
        scan_id,
        receipt: { md5: null, sha1: null, sha256 },
        report: report(1, 'malicious'),
        error: null,
        execution: execution.executionArn,
      },
    ]);
    expect(invoker.inputsOf('SubmitFile')).toEqual([event]);
    expect(invoker.inputsOf('FileReputation')).toEqual([{ scan_id }]);
    expect(waits).toEqual([20]);
  });

  it('is looked up after 20, 30, then 60 s, then every 15 min up to a day, and is then pending', async () => {
    const { output, waits, events } = await run({ look: () => report(-2, 'pending') });
    expect(output).toMatchObject({ outcome: 'pending', verdict: 'pending', scan_id });
    const [quarter, later] = [waits.slice(0, 16), waits.slice(16)];
    expect(quarter).toEqual([20, 30, ...Array(14).fill(60)]);
    expect(new Set(later)).toEqual(new Set([900]));
    const total = waits.reduce((sum, seconds) => sum + seconds, 0);
    expect(total).toBeGreaterThan(86_000);
    expect(total).toBeLessThanOrEqual(86_400);
    expect(events).toBeLessThan(2500);
  }, 60_000);

  it('is looked up again when VirusTotal cannot be reached for long', async () => {
    const { output, invoker } = await run({
      look: (_, before) => {
        if (before < 7) throw namedError('UpstreamUnavailableError', 'down');
        return report(1, 'clean');
      },
    });
    expect(output).toMatchObject({ outcome: 'reported', verdict: 'clean' });
    expect(invoker.inputsOf('FileReputation')).toHaveLength(8);
  });

  it('has failed when it may not be looked up', async () => {
    const { output } = await run({ look: throwing(namedError('ApiKeyError', 'refused')) });
    expect(output).toEqual({
      outcome: 'failed',
      verdict: 'unknown',
      reason: null,
      scan_id,
      error: { name: 'ApiKeyError', message: 'refused' },
    });
  });
});

describe('a file that is not submitted', () => {
  it('has a report at once when VirusTotal knows it', async () => {
    const { output, waits } = await run({ submit: () => answer('known') });
    expect(output).toMatchObject({ outcome: 'reported', verdict: 'malicious', scan_id });
    expect(waits).toEqual([]);
  });

  it('is looked up by its hash when it may not be sent and has no analysis', async () => {
    const { output, invoker } = await run({
      submit: () => answer('unknown', { scan_id: null, sha256 }),
      look: () => report(0, 'unknown'),
    });
    expect(output).toMatchObject({ outcome: 'reported', verdict: 'unknown', scan_id: null });
    expect(invoker.inputsOf('FileReputation')).toEqual([{ hash: sha256 }]);
  });

  it('is looked up by its hash until the analysis that was running before has ended', async () => {
    const { output, waits, invoker } = await run({
      submit: () => answer('known', { scan_id: null, sha256, response_code: -2 }),
      look: (_, before) => (before < 3 ? report(-2, 'pending') : report(1, 'malicious')),
    });
    expect(output).toMatchObject({ outcome: 'reported', verdict: 'malicious', scan_id: null });
    expect(waits).toEqual([20, 30, 60]);
    expect(invoker.inputsOf('FileReputation')).toEqual(Array(4).fill({ hash: sha256 }));
  });

  it('is pending when that analysis has not ended after a day', async () => {
    const { output, waits, events } = await run({
      submit: () => answer('known', { scan_id: null, sha256, response_code: -2 }),
      look: () => report(-2, 'pending'),
    });
    expect(output).toMatchObject({ outcome: 'pending', verdict: 'pending', scan_id: null });
    const total = waits.reduce((sum, seconds) => sum + seconds, 0);
    expect(total).toBeGreaterThan(86_000);
    expect(events).toBeLessThan(2500);
  }, 60_000);

  it('is looked up by its hash again when VirusTotal cannot be reached for long', async () => {
    const { output, invoker } = await run({
      submit: () => answer('known', { scan_id: null, sha256, response_code: -2 }),
      look: (_, before) => {
        if (before < 7) throw namedError('UpstreamTimeoutError', 'down');
        return report(1, 'clean');
      },
    });
    expect(output).toMatchObject({ outcome: 'reported', verdict: 'clean' });
    expect(invoker.inputsOf('FileReputation')).toHaveLength(8);
  });

  it('has failed when its hash may not be looked up', async () => {
    const { output } = await run({
      submit: () => answer('unknown', { scan_id: null, sha256 }),
      look: throwing(namedError('ForbiddenByVirusTotalError', 'no')),
    });
    expect(output).toMatchObject({
      outcome: 'failed',
      error: { name: 'ForbiddenByVirusTotalError' },
    });
  });

  it('waits while another execution submits the object', async () => {
    const busy = { ...answer('in-progress', null), reason: 'at it', retryAfterSeconds: 77 };
    const { output, waits, invoker } = await run({
      submit: (_, before) => (before < 2 ? busy : answer('duplicate')),
    });
    expect(output).toMatchObject({ outcome: 'reported', scan_id });
    expect(waits).toEqual([77, 77, 20]);
    expect(invoker.inputsOf('SubmitFile')).toEqual([event, event, event]);
  });

  it('is skipped with the reason', async () => {
    const { output, requests } = await run({
      submit: () => ({ ...answer('skipped', null), reason: 'it is empty' }),
    });
    expect(output).toEqual({
      outcome: 'skipped',
      verdict: 'skipped',
      reason: 'it is empty',
      scan_id: null,
      error: null,
    });
    expect(requests).toMatchObject([{ event, report: null }]);
  });

  it.each(['ObjectTooLargeError', 'ObjectNotFoundError', 'ObjectAccessDeniedError'])(
    'is skipped after an %s, which the output names',
    async (name) => {
      const { output, execution } = await run({ submit: throwing(namedError(name, 'why')) });
      expect(execution.status).toBe('SUCCEEDED');
      expect(output).toEqual({
        outcome: 'skipped',
        verdict: 'skipped',
        reason: 'why',
        scan_id: null,
        error: { name, message: 'why' },
      });
    },
  );

  it.each(['ApiKeyError', 'UpstreamError', 'InvalidInputError', 'InternalError'])(
    'has failed for an %s',
    async (name) => {
      const { output } = await run({ submit: throwing(namedError(name, 'why')) });
      expect(output).toMatchObject({
        outcome: 'failed',
        verdict: 'unknown',
        scan_id: null,
        error: { name, message: 'why' },
      });
    },
  );

  it.each([
    { Records: [{ eventSource: 'aws:s3', s3: { bucket: { name: 'b' }, object: { key: 'k' } } }] },
    { bucket: 'bucket', key: 'key' },
    { ...event, source: 'mine' },
    { ...event, detail: null },
    { ...event, detail: { ...event.detail, bucket: {} } },
    { ...event, detail: { ...event.detail, object: { key: 1 } } },
    {},
    [],
    'key',
  ])('has failed, without being sent, when the input is %j', async (input) => {
    const { output, requests, invoker } = await run({}, input);
    expect(output).toEqual({
      outcome: 'failed',
      verdict: 'unknown',
      reason: null,
      scan_id: null,
      error: {
        name: 'InvalidInputError',
        message: expect.stringContaining('detail.bucket.name and detail.object.key'),
      },
    });
    expect(requests).toMatchObject([{ event: input, report: null }]);
    expect(invoker.inputsOf('SubmitFile')).toEqual([]);
  });

  it('has failed when the function crashes again and again', async () => {
    const { output, invoker } = await run({
      submit: throwing(namedError('Runtime.ExitError', 'exit 1')),
    });
    expect(output).toMatchObject({ outcome: 'failed', error: { name: 'Runtime.ExitError' } });
    expect(invoker.inputsOf('SubmitFile')).toHaveLength(4);
  });
});

it('waits for the quota for hours, in every call, and goes on', async () => {
  const quota = namedError('QuotaExceededError', 'used up retryAfterSeconds=3000');
  const { output, waits, events } = await run({
    submit: (_, before) => {
      if (before < 20) throw quota;
      return answer('submitted');
    },
    look: (_, before) => {
      if (before < 20) throw quota;
      return report(1, 'clean');
    },
  });
  expect(output).toMatchObject({ outcome: 'reported', verdict: 'clean' });
  expect(waits).toHaveLength(41);
  expect(Math.min(...waits.slice(0, 20))).toBeGreaterThanOrEqual(3000);
  expect(events).toBeLessThan(700);
}, 30_000);

it.each(['Runtime.ExitError', 'Runtime.OutOfMemory', 'Sandbox.Timedout', 'Lambda.Unknown'])(
  'goes on when a function is ended by %s',
  async (name) => {
    const crash = (_: unknown, before: number) => {
      if (before < 3) throw namedError(name, 'killed');
    };
    const { output, invoker } = await run({
      submit: (event, before) => crash(event, before) ?? answer('submitted'),
      look: (input, before) => crash(input, before) ?? report(1, 'clean'),
    });
    expect(output).toMatchObject({ outcome: 'reported', verdict: 'clean' });
    expect(invoker.inputsOf('SubmitFile')).toEqual([event, event, event, event]);
    expect(invoker.inputsOf('FileReputation')).toHaveLength(4);
  },
);

it('survives an hour in which nothing can be reached', async () => {
  const { output, invoker } = await run({
    submit: (_, before) => {
      if (before < 12) throw namedError('UpstreamUnavailableError', 'down');
      return answer('submitted');
    },
  });
  expect(output).toMatchObject({ outcome: 'reported' });
  expect(invoker.inputsOf('SubmitFile')).toHaveLength(13);
}, 30_000);

it('starts with short waits again after a success', async () => {
  const quota = namedError('QuotaExceededError', 'used up retryAfterSeconds=60');
  const failing = (times: number, then: (call: number) => unknown) => {
    let left = times;
    let calls = 0;
    return () => {
      if (left > 0) {
        left -= 1;
        throw quota;
      }
      left = times;
      calls += 1;
      return then(calls);
    };
  };
  for (const outcome of ['submitted', 'known']) {
    const { waits, states } = await run({
      submit: failing(12, () => answer(outcome)),
      look: failing(12, (call) => report(call === 1 ? -2 : 1, 'clean')),
    });
    const names = states.filter((state) => state.includes('Wait for'));
    const looks = names.indexOf('FileReputation: Wait for quota');
    const again = names.indexOf('Wait for analysis', looks);
    for (const first of [0, looks, again + 1]) expect(waits[first]).toBeLessThan(60 + 15);
    expect(waits).toHaveLength(36 + (outcome === 'known' ? 1 : 2));
  }
}, 60_000);

it.each([
  ['SubmitFile', 600],
  ['FileReputation', 300],
  ['FileReputation by hash', 300],
])(
  'gives up on the quota of %s after %i waits, and records it',
  async (name, waits) => {
    const spent = throwing(namedError('QuotaExceededError', 'used up retryAfterSeconds=60'));
    const scanId = name === 'FileReputation' ? scan_id : null;
    const { states, output } = await run({
      submit: name === 'SubmitFile' ? spent : () => answer('known', { scan_id: scanId, sha256 }),
      look: spent,
    });
    expect(states.filter((state) => state === `${name}: Wait for quota`)).toHaveLength(waits);
    expect(output).toMatchObject({ outcome: 'failed', error: { name: 'QuotaExceededError' } });
  },
  60_000,
);

describe('a denial', () => {
  const denied = namedError('ObjectAccessDeniedError', 'may not be read');

  it('that passes, as a new permission takes effect, is tried again', async () => {
    const { output, invoker } = await run({
      submit: (_, before) => {
        if (before < 8) throw denied;
        return answer('submitted');
      },
    });
    expect(output).toMatchObject({ outcome: 'reported' });
    expect(invoker.inputsOf('SubmitFile')).toHaveLength(9);
  });

  it('that lasts is a skip after eight more tries', async () => {
    const { output, invoker } = await run({ submit: throwing(denied) });
    expect(output).toMatchObject({ outcome: 'skipped' });
    expect(invoker.inputsOf('SubmitFile')).toHaveLength(9);
  });
});

// They wait for retries at ten thousand times the speed, together.
it.concurrent.each(['SubmitFile', 'FileReputation', 'RecordVerdict'])(
  'does not give up while Lambda has no place for %s for hours',
  async (name) => {
    const busy = (_: unknown, before: number) => {
      if (before < 300) throw namedError('Lambda.TooManyRequestsException', 'Rate Exceeded.');
    };
    const { output, invoker, events } = await run({
      ...(name === 'SubmitFile' && { submit: (e, n) => busy(e, n) ?? answer('submitted') }),
      ...(name === 'FileReputation' && { look: (e, n) => busy(e, n) ?? report(1, 'clean') }),
      ...(name === 'RecordVerdict' && {
        record: (e, n) => busy(e, n) ?? summaryOf(scanOutcomeInput.parse(e)),
      }),
    });
    expect(output).toMatchObject({ outcome: 'reported' });
    expect(invoker.inputsOf(name)).toHaveLength(301);
    expect(events).toBeLessThan(1_000);
  },
  60_000,
);

describe('recording', () => {
  it('is tried again', async () => {
    const { output } = await run({
      record: (request, before) => {
        if (before < 3) throw namedError('Anything', 'throttled');
        return request.outcome;
      },
    });
    expect(output).toBe('reported');
  });

  it('that fails for good fails the execution, which the rule sees', async () => {
    const { execution } = await run({ record: throwing(namedError('Anything', 'broken')) });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Anything' });
  }, 30_000);
});

it('keeps its data far below the limit of 256 KiB, with a report of a hundred engines', async () => {
  const engine = {
    detected: true,
    version: '1'.repeat(20),
    result: 'x'.repeat(60),
    update: '20260101',
  };
  const scans = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`Engine number ${i}`, engine]),
  );
  const { requests } = await run({ look: () => ({ ...report(1, 'malicious'), scans }) });
  expect(JSON.stringify(requests[0]).length).toBeLessThan(40_000);
});
