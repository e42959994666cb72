/** The cache through the deployed bundles: processes that share it, a killed one, and the command. */
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { cacheCommand } from '../../infra/cache/command.ts';
import { localSigning } from '../../infra/local/api-fetch.ts';
import {
  fileReputation,
  ipReputation,
  submitFile,
  submitUrl,
  urlReputation,
} from '../../shared/operations/catalogue.ts';
import { directly, overHttp, type Way } from '../support/call-operation.ts';
import { type KilledStack, startKilledStack } from '../support/killed-stack.ts';
import { STARTUP_MS } from '../support/running-stack.ts';

const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
const digests = [
  '44d88612fea8a8f36de82e1278abb02f',
  '3395856ce81f2b7382dee72602f798b642f14140',
  '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f',
];

let stack: KilledStack;

beforeAll(async () => {
  const environment = {
    VIRUSTOTAL_CACHE_HOURS: '24',
    VIRUSTOTAL_QUOTA_PER_MINUTE: 'none',
    VIRUSTOTAL_QUOTA_PER_DAY: 'none',
    VIRUSTOTAL_QUOTA_PER_MONTH: 'none',
  };
  stack = await startKilledStack(1, { environment });
}, STARTUP_MS);
afterAll(() => stack?.close());
beforeEach(() => stack.simulator.reset());

const asked = () => stack.simulator.requests.map(({ method, path }) => `${method} ${path}`);
const look = (ip: string, way: Way = directly) =>
  way(stack, ipReputation, { ip, details: 'summary' });

it(
  'asks once for what cold and warm processes look up again and again, and at once',
  async () => {
    const ips = Array.from({ length: 5 }, (_, index) => `203.0.113.${index + 10}`);
    for (let time = 0; time < 4; time += 1) {
      for (const ip of ips) {
        const way = time % 2 === 0 ? directly : overHttp;
        expect((await look(ip, way)).output).toMatchObject({ cached: time > 0, response_code: 1 });
      }
    }
    // The processes that start for these are cold.
    const atOnce = await Promise.all(Array.from({ length: 20 }, () => look('203.0.113.20')));
    for (const { output } of atOnce) expect(output).toMatchObject({ response_code: 1 });
    expect(asked()).toHaveLength(6);
  },
  STARTUP_MS,
);

it(
  'follows a process that was killed while it asked, with one request more',
  async () => {
    const hash = 'ab'.repeat(32);
    const lookUp = () => directly(stack, fileReputation, { hash });
    stack.killWhen((moment, { path }) => moment === 'served' && path.endsWith(hash));
    expect((await lookUp()).error).toBeDefined();
    expect(stack.kills).toHaveLength(1);
    const answers = await Promise.all(Array.from({ length: 3 }, lookUp));
    for (const { output } of answers) expect(output).toMatchObject({ response_code: 0 });
    expect(asked()).toHaveLength(2);
  },
  STARTUP_MS,
);

it(
  'shows and clears what is kept, by its command',
  async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const { apiUrl, awsUrl } = stack;
    const { credentials } = localSigning;
    const run = async (...args: string[]) => {
      log.mockClear();
      error.mockClear();
      const code = await cacheCommand([...args, '--local'], async () => ({
        apiUrl,
        awsUrl,
        signs: false,
        credentials,
      }));
      return { code, printed: log.mock.calls.join('\n'), said: error.mock.calls.join('\n') };
    };
    await look('203.0.113.40');
    const shown = await run('show', '203[.]0.113.40', '--json');
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.printed)).toMatchObject([
      { question: 'GET /ip_addresses/{id}', kept: 'answer', answer: { status: 'found' } },
    ]);
    expect((await run('show', '203.0.113.40')).printed).toContain('GET /ip_addresses/{id}');
    expect((await run('clear', '203.0.113.40')).said).toBe('cleared 1 item');
    expect((await run('show', '203.0.113.40')).printed).toBe('nothing is kept about 203.0.113.40');
    expect((await look('203.0.113.40')).output).toMatchObject({ cached: false });
    // One digest leads to the others.
    for (const hash of digests) await directly(stack, fileReputation, { hash });
    expect((await run('clear', digests[1] ?? '')).said).toBe('cleared 3 items');
    expect(await run('show', '..')).toMatchObject({
      code: 2,
      said: expect.stringMatching(/^indicator: got "\.\."/),
    });
    expect(await run('drop', '203.0.113.40')).toMatchObject({
      code: 2,
      said: expect.stringContaining('action: got "drop"; expected show or clear'),
    });
  },
  STARTUP_MS,
);

it(
  'answers nothing from the cache after a submission, by any digest or spelling',
  async () => {
    await stack.put('eicar.com', EICAR);
    const urls = ['http://malware.example.com', 'hxxp://malware[.]example.com:80/#top'];
    const lookAll = async () => {
      const files = digests.map((hash) => directly(stack, fileReputation, { hash }));
      const sites = urls.map((url) => directly(stack, urlReputation, { url }));
      const answers = await Promise.all([...files, ...sites]);
      return answers.map(({ output }) => Reflect.get(Object(output), 'cached'));
    };
    expect(await lookAll()).toEqual(Array(5).fill(false));
    expect(await lookAll()).toEqual(Array(5).fill(true));
    expect((await overHttp(stack, submitFile, { key: 'eicar.com' })).error).toBeUndefined();
    const submitted = await overHttp(stack, submitUrl, { url: 'http://malware.example.com/' });
    expect(submitted.error).toBeUndefined();
    expect(await lookAll()).toEqual(Array(5).fill(false));
  },
  STARTUP_MS,
);
