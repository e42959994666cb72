/** Every playbook, from its synthesised definition, with the deployed bundles. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

const EICAR_MD5 = '44d88612fea8a8f36de82e1278abb02f';
const TIMEOUT_MS = 120_000;

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({ isTriggered: true, speed: 20 });
  await stack.put('playbooks/sample.bin', 'a sample for the playbooks');
}, STARTUP_MS);
afterAll(() => stack?.close());

async function execute(playbook: string, input: unknown) {
  const stateMachineArn = stack.stack.outputs[`${playbook}StateMachineArn`] ?? '';
  const { executionArn } = stack.stateMachines.startExecution({
    stateMachineArn,
    input: JSON.stringify(input),
  });
  const { status, output } = await stack.stateMachines.ended(executionArn);
  return { status, output: output === null ? null : JSON.parse(output) };
}

describe('the samples', () => {
  test.each([
    ['SubmitFile', { key: 'playbooks/sample.bin' }, { response_code: 1 }],
    [
      'SubmitUrl',
      { url: 'hxxps://example[.]com/' },
      { response_code: 1, url: 'https://example.com/' },
    ],
    ['FileReputation', { hash: EICAR_MD5 }, { response_code: 1, verdict: { value: 'malicious' } }],
    ['IpReputation', { ip: '203.0.113.7' }, { response_code: 1, verdict: { value: 'malicious' } }],
    ['DomainReputation', { domain: 'example.com' }, { verdict: { value: 'clean' } }],
    ['UrlReputation', { url: 'http://malware.example.com/' }, { verdict: { value: 'malicious' } }],
  ])(
    '%s ends with the output of its operation',
    async (playbook, input, expected) => {
      expect(await execute(playbook, input)).toMatchObject({
        status: 'SUCCEEDED',
        output: expected,
      });
    },
    TIMEOUT_MS,
  );

  test.each([
    ['SubmitFile', { key: 'playbooks/missing.bin' }, 'ObjectNotFoundError'],
    ['FileReputation', { hash: 'no hash' }, 'InvalidInputError'],
    ['UrlReputation', {}, 'InvalidInputError'],
  ])(
    '%s ends with a named error for %j',
    async (playbook, input, name) => {
      expect(await execute(playbook, input)).toMatchObject({
        status: 'SUCCEEDED',
        output: { error: { name, message: expect.any(String) } },
      });
    },
    TIMEOUT_MS,
  );
});

test(
  'ScanUrl submits a URL that nobody knows, and ends with its report',
  async () => {
    const { status, output } = await execute('ScanUrl', { url: 'http://new.example.com/path' });
    expect(status).toBe('SUCCEEDED');
    expect(output).toMatchObject({ verdict: { value: 'clean' }, report: { response_code: 1 } });
    expect(output.report.total).toBeGreaterThan(10);
  },
  TIMEOUT_MS,
);

test(
  'EnrichIndicators gives each of a mixed list a result or a named error',
  async () => {
    const indicators = [
      EICAR_MD5,
      '203[.]0[.]113[.]8',
      'example.com',
      'hxxp://malware.example.com/',
      '..',
    ];
    const { status, output } = await execute('EnrichIndicators', { indicators });
    expect(status).toBe('SUCCEEDED');
    expect(output.results).toMatchObject([
      { indicator: EICAR_MD5, type: 'hash', result: { verdict: 'malicious' } },
      { type: 'ip', result: { verdict: 'suspicious' } },
      { type: 'domain', result: { verdict: 'clean' } },
      { type: 'url', result: { verdict: 'malicious' } },
      { indicator: '..', error: { name: 'InvalidInputError' } },
    ]);
  },
  TIMEOUT_MS,
);

test(
  'ScanUpload records what was put before, when its event comes again: the same verdict, nothing sent twice',
  async () => {
    const [first] = stack.stateMachines.listExecutions(
      stack.stack.outputs.ScanUploadStateMachineArn ?? '',
    );
    if (!first) throw new Error('the upload has started no scan');
    const { output, input } = await stack.stateMachines.ended(first.executionArn);
    const again = await execute('ScanUpload', JSON.parse(input));
    expect(again.status).toBe('SUCCEEDED');
    expect(again.output).toMatchObject({ outcome: 'reported', verdict: 'clean' });
    expect(again.output.id).toBe(JSON.parse(output ?? '{}').id);
  },
  TIMEOUT_MS,
);
