/** A deployed bundle in the local Lambda service. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsCall, createClock, startLambdaService } from '@local/cloud';
import {
  type AwsEndpoint,
  createSecretsManager,
  openDynamoDb,
  startAwsEndpoint,
} from '@local/cloud/aws';
import { RecordedCalls } from '@local/cloud/testing';
import { PUBLIC_KEY, type Simulator, startSimulator } from '@local/virustotal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFunction } from '../../support/bundle-function.ts';
import { withoutQuota } from '../../support/functions.ts';

const byAction = (one: AwsCall, other: AwsCall) => (one.action < other.action ? -1 : 1);

const stateTable = {
  name: 'state',
  properties: {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};
const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:key-AbCdEf';

describe.each([1, 60])('at speed %d, the bundle of ip_reputation', (speed) => {
  const clock = createClock(speed);
  const recorder = new RecordedCalls();
  const lines: string[] = [];
  let directory: string;
  let simulator: Simulator;
  let aws: AwsEndpoint;
  let service: ReturnType<typeof startLambdaService>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'virustotal-connector-bundle-'));
    simulator = await startSimulator({ now: clock.now });
    const secrets = createSecretsManager(clock.now);
    secrets.create({ name: 'key', arn: SECRET, value: PUBLIC_KEY });
    const dynamoDb = await openDynamoDb({ tables: [stateTable], now: clock.now });
    aws = await startAwsEndpoint({ services: [secrets, dynamoDb], recorder, now: clock.now });
    const fn = await bundleFunction('ip-reputation', directory, {
      environment: {
        VIRUSTOTAL_SERVER_URL: simulator.url,
        VIRUSTOTAL_API_KEY_SECRET_ARN: SECRET,
        STATE_TABLE: stateTable.name,
        ...withoutQuota,
      },
    });
    service = startLambdaService({
      functions: [fn],
      awsEndpointUrl: aws.url,
      clock,
      onLine: (_fn, line) => lines.push(line),
    });
  });
  afterAll(async () => {
    await service.close();
    await aws.close();
    await simulator.close();
    await rm(directory, { recursive: true });
  });

  async function invoke(event: unknown) {
    const result = await service.invoke('ip-reputation', JSON.stringify(event));
    return result.status === 'succeeded' ? JSON.parse(result.payload) : result.error;
  }

  test('returns a report, and calls AWS with its role', async () => {
    expect(await invoke({ ip: '198.51.100.7' })).toMatchObject({
      resource: '198.51.100.7',
      response_code: 1,
    });
    const by = { principal: 'ip-reputation-role', status: 200 };
    const ofTable = { ...by, resources: [expect.stringMatching(/:table\/state$/)] };
    // On a fast clock a lease may be extended just after the answer has ended it, which is refused.
    const [one, other, ...rest] = recorder.calls.filter(({ status }) => status === 200);
    // Before the first invocation, in any order.
    expect([one, other]).toEqual(
      expect.arrayContaining([
        { ...by, action: 'secretsmanager:GetSecretValue', resources: [SECRET] },
        { ...ofTable, action: 'dynamodb:BatchGetItem' },
      ]),
    );
    // How often depends on the clock: a lease is extended, and a door may be written again.
    const distinct = new Set(rest.map(({ status: _, ...call }) => JSON.stringify(call)));
    const { resources } = rest[0] ?? {};
    expect(resources).toEqual(ofTable.resources);
    expect([...distinct].map((text) => JSON.parse(text)).sort(byAction)).toEqual(
      ['BatchGetItem', 'PutItem', 'UpdateItem'].map((action) => ({
        principal: by.principal,
        action: `dynamodb:${action}`,
        resources,
      })),
    );
  });

  test('throws a named error', async () => {
    expect(await invoke({ ip: 'here' })).toMatchObject({
      errorType: 'InvalidInputError',
      errorMessage: expect.stringContaining('ip'),
    });
  });

  test('logs JSON lines with the time of the clock and without the key', async () => {
    await expect.poll(() => lines.length, { timeout: 10_000 }).toBeGreaterThan(0);
    const times = lines.map((line) => Date.parse(JSON.parse(line).timestamp));
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(clock.setting.origin);
      expect(time).toBeLessThanOrEqual(clock.now());
    }
    expect(lines.join('\n')).not.toContain(PUBLIC_KEY);
  });
});
