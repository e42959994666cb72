/** The API key: missing, empty, refused, rotated, spent. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { fileReputation, ipReputation, submitUrl } from '../../shared/operations/catalogue.ts';
import { directly, functionOf } from '../support/call-operation.ts';
import { expectError, type Failing } from '../support/expect-error.ts';
import {
  leaksOf,
  STARTUP_MS,
  startTestStack,
  type TestStack,
  testKeys,
} from '../support/running-stack.ts';

let running: TestStack;

beforeAll(async () => {
  running = await startTestStack({
    apiKey: null,
    environment: { VIRUSTOTAL_USER_ID: 'simulator' },
  });
}, STARTUP_MS);
afterAll(() => running.close());
beforeEach(async () => {
  running.simulator.reset();
  await running.forgetQuota();
});

const refused: Failing = {
  operation: ipReputation,
  input: { ip: '203.0.113.7', details: 'summary' },
  name: 'ApiKeyError',
  message: /VirusTotal refused the API key/,
};

it.each([
  ['has no value', null, /secret .* has no value: fill it/],
  ['is blank', ' \n', /secret .* is empty: fill it/],
  ['is JSON without a key', '{"apiKey":""}', /secret .* contains another text/],
  ['is JSON of another form', `{"key":"${testKeys.wrong}"}`, /secret .* contains another text/],
])('ApiKeyError when the secret %s: nothing is asked', async (_, value, message) => {
  if (value !== null) await setKey(value);
  await expectError(running, { ...refused, operation: ipReputation, message });
  expect(running.simulator.requests).toEqual([]);
});

it('ApiKeyError when VirusTotal refuses the key: asked once, after one forced refresh of the key', async () => {
  await setKey(testKeys.wrong);
  const before = readsOfSecret();
  await directly(running, refused.operation, refused.input);
  expect(keysOfLookups()).toEqual([false]);
  expect(readsOfSecret() - before).toBe(2);
  await expectError(running, refused);
});

it('uses the new key when the old one is refused after a rotation', async () => {
  await setKey(testKeys.wrong);
  await directly(running, refused.operation, refused.input);
  running.simulator.reset();
  await running.setSecret(JSON.stringify({ apiKey: testKeys.public }));
  const { output } = await directly(running, refused.operation, refused.input);
  expect(output).toMatchObject({ response_code: 1 });
  expect(keysOfLookups()).toEqual([false, true]);
});

it.each([fileReputation, submitUrl])(
  'QuotaExceededError until midnight UTC when the day is spent: $name',
  async (operation) => {
    await setKey(testKeys.scarce, operation);
    const again = { ...submitUrl.example, upload: 'always' };
    const input = operation === submitUrl ? again : fileReputation.example;
    await directly(running, operation, input);
    const name = 'QuotaExceededError';
    const message = /quota is used up.* retryAfterSeconds=/;
    const failing = { operation, input, name, message } as const;
    await expectError(running, failing, () => running.forgetQuota());
    const { error } = await directly(running, operation, input);
    const seconds = Number(/=([0-9]+)$/.exec(error?.message ?? '')?.[1]);
    const midnight = new Date().setUTCHours(24, 0, 0, 0);
    expect(Math.abs((midnight - Date.now()) / 1000 - seconds)).toBeLessThan(60);
  },
);

it('never shows the key', () => {
  expect(running.said.length).toBeGreaterThan(10);
  expect(leaksOf(running)).toEqual([]);
});

/** Writes the secret and restarts the function. */
async function setKey(
  value: string,
  operation: Failing['operation'] = ipReputation,
): Promise<void> {
  await running.setSecret(value);
  await running.lambda.reload(functionOf(running.stack, operation));
}

/** Whether the keys of lookups were right; the account's quotas are asked for as well. */
function keysOfLookups(): readonly (boolean | null)[] {
  return running.simulator.requests
    .filter(({ path }) => path.includes('/ip_addresses/'))
    .map(({ isKeyRight }) => isKeyRight);
}

function readsOfSecret(): number {
  const { calls } = running.calls;
  return calls.filter(({ action }) => action === 'secretsmanager:GetSecretValue').length;
}
