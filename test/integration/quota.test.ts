/**
 * The quota through the deployed bundles: what callers of each lane are told, over HTTP and directly; lookups
 * without the state table; and where the key is not.
 */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { localClientOptions } from '@local/cloud';
import { USER_ID } from '@local/virustotal';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localSigning } from '../../infra/local/api-fetch.ts';
import { quotaCommand } from '../../infra/quota/command.ts';
import { fileReputation, quota, submitFile } from '../../shared/operations/catalogue.ts';
import { dayOf } from '../../shared/quota/calendar.ts';
import { type Door, newDoor } from '../../shared/quota/door.ts';
import type { Line } from '../../shared/quota/line.ts';
import { quotaSettings } from '../../shared/quota/settings.ts';
import { sha256 } from '../../shared/sha256.ts';
import { type AwsGate, openAwsGate } from '../support/aws-gate.ts';
import { type Answer, directly, overHttp, ways } from '../support/call-operation.ts';
import { leaksOf, STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

const CALL_MS = 60_000;
const budgets = { perMinute: 4, perDay: 500, perMonth: 15_500 };
const input = { hash: '44d88612fea8a8f36de82e1278abb02f' };
/** A time in a message. */
const AT = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
const MIDNIGHT = String.raw`\d{4}-\d\d-\d\dT00:00:02Z`;

let running: TestStack;
let gate: AwsGate;
let dynamoDb: DynamoDBClient;

beforeAll(async () => {
  gate = await openAwsGate();
  running = await startTestStack({
    environment: {
      AWS_ENDPOINT_URL: gate.url,
      VIRUSTOTAL_QUOTA_PER_MINUTE: String(budgets.perMinute),
      VIRUSTOTAL_QUOTA_PER_DAY: String(budgets.perDay),
      VIRUSTOTAL_QUOTA_PER_MONTH: String(budgets.perMonth),
      VIRUSTOTAL_USER_ID: USER_ID,
    },
  });
  gate.forwardTo(running.awsUrl);
  dynamoDb = new DynamoDBClient(localClientOptions(running.awsUrl));
}, STARTUP_MS);
afterAll(async () => {
  dynamoDb?.destroy();
  await running?.close();
  await gate?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  gate.rule = undefined;
  await running.forgetQuota();
});

const settings = quotaSettings(budgets, 0.25);

/** Puts door and line into a state; no call has to ask the account. */
async function begin(door: Partial<Door>, line: Partial<Line>, freeInMs: number): Promise<void> {
  const now = Date.now();
  const cells = Object.fromEntries([0, 1, 2, 3].map((index) => [`c${index}`, now + freeInMs]));
  const items = {
    'quota#door': { ...newDoor(settings, now), ...cells, askedAt: now, ...door },
    'quota#line': line,
  };
  for (const [pk, numbers] of Object.entries(items)) {
    const attributes = Object.entries(numbers).map(([name, value]) => [name, { N: `${value}` }]);
    const Item = { pk: { S: pk }, ...Object.fromEntries(attributes) };
    await dynamoDb.send(new PutItemCommand({ TableName: running.stack.tables[0]?.name, Item }));
  }
}

/** Seconds at the end of a message. */
function secondsOf({ error }: Answer): number {
  return Number(/ retryAfterSeconds=(\d+)$/.exec(error?.message ?? '')?.[1]);
}

describe('a call learns which budget is closed, and when it opens', () => {
  const goes = null;
  const soon = () => Date.now() + 50_000;
  it.each([
    {
      budget: 'the minute',
      freeInMs: 40_000,
      http: `^The minute's 4 requests are used; the next is free at ${AT}\\. retry`,
      direct: `^Bulk's part of the minute's 4 requests is used; the next is free at ${AT}\\. place=1 of 1\\. Its turn is at about ${AT}\\. retry`,
      most: 41,
    },
    {
      budget: 'the day',
      door: { used: 500, usedBulk: 388 },
      http: `^The day's 500 requests are used \\(bulk 388, interactive 112\\); they are renewed at ${MIDNIGHT}\\. retry`,
      direct: `^The day's 500 requests are used \\(bulk 388, interactive 112\\); they are renewed at ${MIDNIGHT}\\. place=1 of 1\\.`,
      most: 86_402,
    },
    {
      budget: "bulk's share of the day",
      door: { used: 375, usedBulk: 375 },
      http: goes,
      direct: `^Bulk's part of the day's 500 requests is used; the rest is kept for interactive callers until ${AT}\\. place=1 of 1\\.`,
      most: 86_402,
    },
    {
      budget: 'the share of interactive callers',
      door: { used: 425, usedBulk: 300 },
      line: { next: 40 },
      http: `^Interactive callers have had their part of the day's 500 requests, and bulk is waiting for its own until ${AT}\\. retry`,
      direct: String.raw`^Others wait longer for VirusTotal's quota\. place=41 of 41\.`,
      most: 86_402,
    },
    {
      budget: 'the month',
      door: { usedMonth: 15_500 },
      http: String.raw`^The month's 15500 requests are used; they are renewed at \d{4}-\d\d-01T00:00:02Z\. retry`,
      direct: String.raw`^The month's 15500 requests are used; they are renewed at \d{4}-\d\d-01T00:00:02Z\. place=1 of 1\.`,
      most: 259_200,
    },
    {
      budget: 'a refusal of VirusTotal',
      door: () => ({ blockedUntil: soon(), strikes: 1 }),
      http: `^VirusTotal has refused a request although the connector counted some left; others may use the key\\. The next is tried at ${AT}\\. retry`,
      direct: `^VirusTotal has refused a request .*The next is tried at ${AT}\\. place=1 of 1\\.`,
      most: 51,
    },
    {
      budget: 'the line',
      line: { next: 40 },
      http: goes,
      direct: `^Others wait longer for VirusTotal's quota\\. place=41 of 41\\. Its turn is at about ${AT}\\. retry`,
      most: 3_600,
    },
    {
      budget: 'a line that is too long',
      line: { next: 40_000 },
      http: goes,
      direct: `^The line of requests that wait for VirusTotal's quota is longer than 60 days; it is shorter from about ${AT}\\. retry`,
      most: 259_200,
    },
  ])(
    '$budget',
    async ({ budget, door = {}, line = {}, freeInMs = 0, http, direct, most }) => {
      await begin(typeof door === 'function' ? door() : door, line, freeInMs);
      // Another file each time: it has no place in the line.
      const input = { hash: sha256(budget) };
      const sent = running.simulator.requests.length;
      const bulk = await directly(running, fileReputation, input);
      expect(bulk.error?.name).toBe('QuotaExceededError');
      expect(bulk.error?.message).toMatch(new RegExp(direct));
      expect(secondsOf(bulk)).toBeGreaterThan(0);
      expect(secondsOf(bulk)).toBeLessThanOrEqual(most);
      const interactive = await overHttp(running, fileReputation, input);
      expect(running.simulator.requests.length - sent).toBe(http === goes ? 1 : 0);
      if (http === goes) {
        expect(interactive.http?.status).toBe(200);
        return;
      }
      expect(interactive.http).toMatchObject({
        status: 429,
        headers: { 'retry-after': String(secondsOf(interactive)) },
        body: { error: { name: 'QuotaExceededError', requestId: expect.any(String) } },
      });
      expect(interactive.error?.message).toMatch(new RegExp(http));
      expect(secondsOf(interactive)).toBeLessThanOrEqual(Math.max(most, 86_402));
    },
    CALL_MS,
  );
});

it(
  'shows the same quota in each way of calling, and asks VirusTotal nothing',
  async () => {
    await begin({ used: 7, usedBulk: 4, usedMonth: 90 }, { next: 3 }, 0);
    const sent = running.simulator.requests.length;
    for (const [, way] of ways) {
      expect((await way(running, quota, {})).output).toMatchObject({
        minute: { allowed: 4, used: 0, free_at: null },
        day: { allowed: 500, used: 7, left: 493, kept: expect.any(Number) },
        month: { allowed: 15_500, used: 90, left: 15_410 },
        lanes: { interactive: { used: 3 }, bulk: { used: 4, waiting: 3 } },
        source: 'context',
      });
    }
    const unknown = await fetch(`${running.apiUrl}/quota?fresh=1`);
    expect(unknown.status).toBe(400);
    expect(running.simulator.requests).toHaveLength(sent);
  },
  CALL_MS,
);

it(
  'charges the lookup of a new file but not its submission, and the submission of a known file',
  async () => {
    const key = 'new.bin';
    await running.put(key, 'a file that VirusTotal does not know');
    const usedBy = async (upload: string) => {
      await begin({}, {}, 0);
      expect((await overHttp(running, submitFile, { key, upload })).http?.status).toBe(200);
      const { day, minute } = Object((await overHttp(running, quota, {})).output);
      return { day: day.used, minute: minute.used };
    };
    expect(await usedBy('if-unknown')).toEqual({ day: 1, minute: 2 });
    expect(await usedBy('always')).toEqual({ day: 1, minute: 1 });
  },
  CALL_MS,
);

describe('npm run quota', () => {
  async function quotaOf(args: readonly string[], awsUrl = running.awsUrl) {
    const printed: string[] = [];
    const print = (text: string) => printed.push(text);
    const { credentials } = localSigning;
    const local = { apiUrl: running.apiUrl, awsUrl, signs: false, credentials };
    const printer = { out: print, error: print };
    const code = await quotaCommand(args, async () => local, printer, new AbortController());
    return { code, text: printed.join('\n') };
  }

  it('prints the quota of a stack, and its answer with --json', async () => {
    await begin({ used: 7, usedBulk: 4, usedMonth: 90 }, { next: 3 }, 0);
    const shown = await quotaOf([]);
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.text).toMatch(/^day +500 allowed, 7 used, 493 left; renewed at .* UTC \(/m);
    expect(shown.text).toMatch(/^waiting +3; the last until about /m);
    const { output } = await overHttp(running, quota, {});
    expect(JSON.parse((await quotaOf(['--json'])).text)).toMatchObject({ day: Object(output).day });
  });

  it('says what is wrong when the stack cannot be read, or its table', async () => {
    expect(await quotaOf([], 'http://127.0.0.1:9')).toMatchObject({
      code: 1,
      text: expect.stringMatching(/^the stack VirusTotalConnector cannot be read: .*ECONNREFUSED/),
    });
    gate.rule = ({ action }) => (action === 'DynamoDB.BatchGetItem' ? 'reset' : undefined);
    expect(await quotaOf([])).toMatchObject({
      code: 1,
      text: expect.stringMatching(/^GET \/quota: got 503 UpstreamUnavailableError: could not read/),
    });
  }, 60_000);
});

describe('without the state table', () => {
  const metricsOf = (said: readonly string[]) =>
    said
      .filter((line) => line.includes('QuotaTableUnavailable'))
      .map((line) => JSON.parse(line))
      .map(({ quota: change, Stack, QuotaTableUnavailable }) => ({
        ...change,
        ...{ Stack, QuotaTableUnavailable },
      }));

  it.each([
    ['cannot be reached', 'reset'],
    ['is throttled', { status: 400, body: '{"__type":"ThrottlingException"}' }],
    ['denies access', { status: 400, body: '{"__type":"AccessDeniedException"}' }],
  ] as const)(
    'that %s, lookups go on, bulk waits, and a metric says so',
    async (_what, answer) => {
      gate.rule = ({ action }) => (action.startsWith('DynamoDB.') ? answer : undefined);
      const said = running.said.length;
      const sent = running.simulator.requests.length;
      const interactive = await overHttp(running, fileReputation, input);
      expect(interactive.output).toMatchObject({ response_code: 1 });
      const bulk = await directly(running, fileReputation, input);
      expect(bulk.error?.name).toBe('UpstreamUnavailableError');
      expect(running.simulator.requests).toHaveLength(sent + 1);
      const common = { change: 'unavailable', Stack: 'VirusTotalConnector' };
      expect(metricsOf(running.said.slice(said))).toEqual([
        { ...common, lane: 'interactive', QuotaTableUnavailable: 1 },
        { ...common, lane: 'bulk', QuotaTableUnavailable: 1 },
      ]);
      expect((await overHttp(running, quota, {})).http).toMatchObject({
        status: 503,
        body: { error: { name: 'UpstreamUnavailableError' } },
      });
    },
    CALL_MS,
  );
});

it(
  "asks for the account's quotas by its user id, and has the key in no URL and no log",
  async () => {
    const sent = running.simulator.requests.length;
    expect((await overHttp(running, fileReputation, input)).http?.status).toBe(200);
    expect((await directly(running, fileReputation, input)).error).toBeUndefined();
    const requests = running.simulator.requests.slice(sent);
    expect(requests.map(({ path }) => path)).toContain(`/api/v3/users/${USER_ID}/overall_quotas`);
    const withKey = running.simulator.requests.filter(({ path, query }) =>
      `${path}?${query}`.includes('{apikey}'),
    );
    expect(withKey).toEqual([]);
    expect(running.said.filter((line) => line.includes('"quota changed"'))).not.toEqual([]);
    expect(leaksOf(running)).toEqual([]);
    const { learnt_at, day } = Object((await overHttp(running, quota, {})).output);
    expect({ learnt_at, resets_at: day.resets_at }).toEqual({
      learnt_at: expect.any(String),
      resets_at: `${new Date((dayOf(Date.now()) + 1) * 86_400_000).toISOString().slice(0, 10)} 00:00:00`,
    });
  },
  CALL_MS,
);
