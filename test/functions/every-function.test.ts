/** Requirements on each of the six functions: named errors, secrecy, bad input. */

import { type Fault, PUBLIC_KEY } from '@local/virustotal';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorName } from '../../shared/errors.ts';
import { operations } from '../../shared/operations/catalogue.ts';
import { outputs } from '../../shared/operations/outputs.ts';
import { everythingOf, rejection } from '../shared/virustotal/harness.ts';
import { type HttpRequest, httpApiEvent, restApiEvent } from '../support/events.ts';
import {
  type FunctionOptions,
  names,
  type RunningFunction,
  secretOf,
  startFunction,
} from '../support/functions.ts';
import { json, type Reply, stall } from '../support/upstream-server.ts';

/** A direct input that works, by the operation's name. */
const inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = Object.fromEntries(
  operations.map(({ name, example }) => [name, example]),
);

const operationOf = (name: string) => {
  const operation = operations.find((each) => each.name === name);
  if (!operation) throw new TypeError(`there is no operation ${name}`);
  return operation;
};

function requestOf(name: string): HttpRequest {
  const { route } = operationOf(name);
  const input = inputs[name] ?? {};
  if (route.method === 'POST') {
    return { method: 'POST', route: route.path, body: JSON.stringify(input) };
  }
  const [value = ''] = Object.values(input).map(String);
  const parameter = route.parameters.find(({ fills }) => fills.some((field) => field in input));
  return parameter?.in === 'query'
    ? { method: 'GET', route: route.path, query: [[parameter.name, value]] }
    : { method: 'GET', route: route.path, path: { [parameter?.name ?? '']: value } };
}

async function start(name: string, options?: FunctionOptions): Promise<RunningFunction> {
  const running = await startFunction(name, options);
  await running.engines.put('uploads', 'eicar.com', 'content of a file');
  return running;
}

const written = () => vi.mocked(process.stdout.write).mock.calls.map(([text]) => String(text));
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const answer = (status: number, code: string, message = 'no'): Fault => ({
  kind: 'answer',
  times: 'always',
  status,
  code,
  message: `${message} {apikey}`,
});

const noSecret = json(400, { __type: 'ResourceNotFoundException', Message: 'no' });

interface Situation {
  readonly name: ErrorName;
  readonly status: number;
  readonly fault?: Fault;
  readonly secrets?: readonly Reply[];
  readonly leftMs?: number;
}

const situations: Readonly<Record<string, Situation>> = {
  'a refused input': {
    name: 'InvalidInputError',
    status: 400,
    fault: answer(400, 'InvalidArgumentError'),
  },
  'another 400': { name: 'UpstreamError', status: 502, fault: answer(400, 'BadRequestError') },
  'a refused key': {
    name: 'ApiKeyError',
    status: 502,
    fault: answer(401, 'WrongCredentialsError'),
  },
  'an empty secret': {
    name: 'ApiKeyError',
    status: 502,
    secrets: [secretOf('')],
  },
  'a missing secret': {
    name: 'ApiKeyError',
    status: 502,
    secrets: [noSecret],
  },
  'a key that may not': {
    name: 'ForbiddenByVirusTotalError',
    status: 502,
    fault: answer(403, 'ForbiddenError'),
  },
  'a spent quota': {
    name: 'QuotaExceededError',
    status: 429,
    fault: { kind: 'quota-exceeded', times: 'always', retryAfter: 90 },
  },
  'a 424': { name: 'UpstreamError', status: 502, fault: answer(424, 'FailedDependencyError') },
  'a page for an answer': {
    name: 'UpstreamError',
    status: 502,
    fault: { kind: 'answer', status: 200, body: 'html', times: 'always' },
  },
  'an answer of another shape': {
    name: 'UpstreamError',
    status: 502,
    fault: { kind: 'answer', status: 200, json: { data: [] }, times: 'always' },
  },
  'a redirect that holds the key': {
    name: 'UpstreamError',
    status: 502,
    fault: { kind: 'redirect', location: 'https://example.com/?apikey={apikey}', times: 'always' },
  },
  'a 503': {
    name: 'UpstreamUnavailableError',
    status: 503,
    fault: answer(503, 'TransientError'),
  },
  'a broken connection': {
    name: 'UpstreamUnavailableError',
    status: 503,
    fault: { kind: 'reset', at: 'during-answer', times: 'always' },
  },
  'no answer': {
    name: 'UpstreamTimeoutError',
    status: 504,
    fault: { kind: 'stall', times: 'always' },
    leftMs: 1_000,
  },
  'no answer of Secrets Manager': {
    name: 'UpstreamTimeoutError',
    status: 504,
    secrets: [noSecret, stall],
    leftMs: 1_000,
  },
};

describe.each(names)('%s', (operation) => {
  it('answers with every field of its output, in each way of calling', async () => {
    const { invoke } = await start(operation);
    const direct = await invoke(inputs[operation]);
    const schema = outputs[operationOf(operation).name];
    expect(schema.safeParse(direct)).toEqual({ success: true, data: direct });
    for (const make of [restApiEvent, httpApiEvent]) {
      const over = await invoke(make(requestOf(operation)));
      expect(over).toMatchObject({ statusCode: 200 });
      const body: unknown = JSON.parse(String(Reflect.get(Object(over), 'body')));
      expect(Object.keys(Object(body)).sort()).toEqual(Object.keys(Object(direct)).sort());
    }
    expect(written().join('')).not.toMatch(/example\.com|203\.0\.113|eicar|content of a file/);
  });

  it.each(Object.entries(situations))('%s ends with its named error', async (_, situation) => {
    const { secrets = [secretOf(PUBLIC_KEY)] } = situation;
    const { simulator, invoke } = await start(operation, { secrets });
    if (situation.fault) simulator.fault(situation.fault);
    const error = await rejection(invoke(inputs[operation], situation.leftMs));
    expect(error.name).toBe(situation.name);
    expect(operationOf(operation).errors).toContain(error.name);
    const over = await invoke(restApiEvent(requestOf(operation)), situation.leftMs);
    expect(over).toMatchObject({ statusCode: situation.status });
    const { body, headers } = over as { body: string; headers: Record<string, string> };
    expect(JSON.parse(body)).toEqual({
      error: { name: situation.name, message: expect.any(String), requestId: expect.any(String) },
    });
    if (situation.name === 'QuotaExceededError') {
      expect(error.message).toMatch(/ retryAfterSeconds=(?:90|89)$/);
      expect(headers['retry-after']).toMatch(/^(?:90|89)$/);
    }
    const everything = everythingOf(error) + everythingOf(over) + written().join('');
    expect(everything).not.toContain(PUBLIC_KEY);
  });

  it('reads a rotated key once when the old one is refused', async () => {
    const { secrets, invoke, asked } = await start(operation, {
      secrets: [secretOf('0'.repeat(64)), secretOf(PUBLIC_KEY)],
    });
    const output = await invoke(inputs[operation]);
    expect(output).toMatchObject({ response_code: 1 });
    expect(secrets.requests).toHaveLength(2);
    expect(asked()[0]).toBe(asked()[1]);
    expect(everythingOf(output) + written().join('')).not.toContain('0'.repeat(64));
  });

  it('reads the key at cold start, and caches it', async () => {
    const { secrets, invoke } = await start(operation);
    await invoke(inputs[operation]);
    await invoke(inputs[operation]);
    expect(secrets.requests).toHaveLength(1);
  });

  it('refuses invalid input, without a request', async () => {
    const { simulator, secrets, engines, invoke } = await start(operation);
    const [field = ''] = Object.keys(inputs[operation] ?? {});
    const before = engines.s3Requests.length;
    const secretsBefore = secrets.requests.length;
    const bad: readonly unknown[] = [
      ...[null, [], 'text', 5, {}, { unknown: 1 }],
      ...[5, null, [], {}, '', 'x'.repeat(1_000_000), '\ud800', '../..\u0000', 'a\0b'].map(
        (value) => ({ [field]: value }),
      ),
      JSON.parse(
        `{"${field}":${JSON.stringify(Object.values(inputs[operation] ?? {})[0])},"__proto__":{}}`,
      ),
    ];
    for (const input of bad) {
      const error = await rejection(invoke(input));
      expect(error.name).toBe('InvalidInputError');
      expect(error.message).toMatch(
        /^[\w ]+: got |^"[^"]+": unknown property|^[\w ]+ or \w+: got /,
      );
      expect(error.message.length).toBeLessThan(1_500);
    }
    expect(simulator.requests).toEqual([]);
    expect(secrets.requests).toHaveLength(secretsBefore);
    expect(engines.s3Requests).toHaveLength(before);
  });
});

it.each(['VIRUSTOTAL_API_KEY_SECRET_ARN', 'VIRUSTOTAL_TIER'])(
  'does not start with a bad %s',
  async (variable) => {
    const environment = { [variable]: variable === 'VIRUSTOTAL_TIER' ? 'gold' : '' };
    await expect(startFunction('ip_reputation', { environment })).rejects.toThrow(
      `bad environment: ${variable} `,
    );
  },
);
