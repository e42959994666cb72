/** The playbooks with `failOnError`. */
import type { Workflow } from '@local/cloud/step-functions';
import { namedError, type StubFunction } from '@local/cloud/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { samples } from '../../../infra/playbooks/samples.ts';
import { toSubmissionStatus } from '../../../shared/operations/submission-status/map.ts';
import { definitions, play } from '../../support/playbooks.ts';

let machines: ReadonlyMap<string, Workflow>;

beforeAll(() => {
  machines = definitions({ failOnError: true });
}, 120_000);

const refused: StubFunction = () => {
  throw namedError('ApiKeyError', 'VirusTotal refused the API key');
};
const failure = {
  status: 'FAILED',
  error: 'ApiKeyError',
  cause: 'VirusTotal refused the API key',
  output: null,
};

it.each([
  ['SubmitFile', 'SubmitFile'],
  ['SubmitUrl', 'SubmitUrl'],
  ['FileReputation', 'FileReputation'],
  ['IpReputation', 'IpReputation'],
  ['DomainReputation', 'DomainReputation'],
  ['UrlReputation', 'UrlReputation'],
  ['ScanUrl', 'SubmitUrl'],
  ['EnrichIndicators', 'ClassifyIndicators'],
])('%s fails with the error of %s', async (playbook, name) => {
  const { execution } = await play(machines.get(playbook), samples[playbook], { [name]: refused });
  expect(execution).toMatchObject(failure);
});

it('fails with what Lambda says about a crash', async () => {
  const { execution } = await play(machines.get('FileReputation'), samples.FileReputation, {
    FileReputation: () => {
      throw namedError('Runtime.ExitError', 'signal: killed');
    },
  });
  expect(execution).toMatchObject({ status: 'FAILED', error: 'Runtime.ExitError' });
  expect(execution.cause).toContain('signal: killed');
});

it('succeeds with the output when there is no error', async () => {
  const { execution, output } = await play(
    machines.get('FileReputation'),
    {},
    {
      FileReputation: () => ({ response_code: 1 }),
    },
  );
  expect(execution.status).toBe('SUCCEEDED');
  expect(output).toEqual({ response_code: 1 });
});

it('gives the same status of a submission', async () => {
  const { execution } = await play(machines.get('SubmitFile'), samples.SubmitFile, {
    SubmitFile: refused,
  });
  const ended = { ...execution, startedAt: 0, stoppedAt: 1 };
  expect(toSubmissionStatus('id', ended)).toMatchObject({
    status: 'failed',
    error: { name: 'ApiKeyError', message: failure.cause, status: 502 },
  });
});

describe('EnrichIndicators', () => {
  it('succeeds when indicators have errors', async () => {
    const item = { indicator: 'example.com', type: 'domain' };
    const { execution, output } = await play(
      machines.get('EnrichIndicators'),
      {},
      {
        ClassifyIndicators: () => ({
          items: [item],
          details: 'summary',
          cache: 'use',
          truncated: [],
        }),
        DomainReputation: refused,
      },
    );
    expect(execution.status).toBe('SUCCEEDED');
    expect(output.results).toMatchObject([{ error: { name: 'ApiKeyError' } }]);
  });
});

describe('ScanUpload', () => {
  const scan = (submit: StubFunction, record: StubFunction) =>
    play(machines.get('ScanUpload'), samples.ScanUpload, {
      SubmitFile: submit,
      RecordVerdict: record,
    });
  const recorded: StubFunction = ({ outcome, error = null }) => ({ outcome, error });

  it('fails after the failure was recorded', async () => {
    const { execution, invoker } = await scan(refused, recorded);
    expect(execution).toMatchObject(failure);
    expect(invoker.inputsOf('RecordVerdict')).toMatchObject([{ outcome: 'failed' }]);
  });

  it('succeeds when it skips the object', async () => {
    const denied: StubFunction = () => {
      throw namedError('ObjectTooLargeError', 'too large');
    };
    const { execution, output } = await scan(denied, recorded);
    expect(execution.status).toBe('SUCCEEDED');
    expect(output).toMatchObject({ outcome: 'skipped' });
  });

  it('succeeds when an earlier scan has its verdict on record', async () => {
    const { execution } = await scan(refused, () => ({ outcome: 'reported', error: null }));
    expect(execution.status).toBe('SUCCEEDED');
  });
});
