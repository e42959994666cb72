/** Bad input, as the deployed bundles meet it: a message that names the field, and nothing is sent on. */
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../infra/openapi/routes.ts';
import { type Operation, submitFile, submitUrl } from '../../shared/operations/catalogue.ts';
import {
  type Answer,
  directly,
  fetchAnswer,
  functionOf,
  invokeDirectly,
  overHttp,
  overPayload2,
} from '../support/call-operation.ts';
import { expectHttpError } from '../support/expect-error.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';
import { badBodies, badJson, badSubmissions, badTargets } from './cases/bad-forms.ts';
import { badTexts } from './cases/bad-texts.ts';

const name = 'InvalidInputError';
let running: TestStack;

beforeAll(async () => {
  running = await startTestStack();
}, STARTUP_MS);
afterAll(() => running.close());
afterEach(() => {
  expect(running.simulator.requests).toEqual([]);
});

describe.each(badTexts)('$operation.name, $field', ({ operation, field, httpName, texts }) => {
  it.each(texts.map((text) => [JSON.stringify(text).slice(0, 60), text]))('%s', async (_, text) => {
    const input = { [field]: text };
    expectRefused(await directly(running, operation, input), field);
    for (const way of [overPayload2, overHttp]) {
      expectRefusedOverHttp(await way(running, operation, input), operation, httpName ?? field);
    }
  });
});

it.each(badJson.map((row) => [row[0].name, row[1].slice(0, 80), ...row] as const))(
  '%s, directly: %s',
  async (_name, _json, operation, json, named) => {
    const function_ = functionOf(running.stack, operation);
    expectRefused(await invokeDirectly(running.lambda.invoke(function_, json)), named);
  },
);

describe('submit_sample', () => {
  it.each(badSubmissions)('%j', async (input, named) => {
    const before = running.calls.calls.length;
    expectRefused(await directly(running, submitFile, input), named);
    expectRefusedOverHttp(await overPayload2(running, submitFile, input), submitFile, named);
    expectRefusedOverHttp(await overHttp(running, submitFile, input), submitFile, named);
    expect(running.calls.calls.slice(before)).toEqual([]);
  });
});

describe('a body', () => {
  it.each(badBodies)('%s', async (_, body, named) => {
    const answer = await fetchAnswer(`${running.apiUrl}/urls`, { method: 'POST', body });
    expectRefusedOverHttp(answer, submitUrl, named);
  });
});

describe('a request', () => {
  it.each(badTargets)('GET %s', async (target, named) => {
    const [, collection] = target.split(/[/?]/);
    const operation = routes.find(
      ({ route }) => route.method === 'GET' && route.path.split('/')[1] === collection,
    );
    if (!operation) throw new Error(`no operation serves ${target}`);
    expectRefusedOverHttp(await getRaw(target), operation, named);
  });
});

/** The message has a part that begins with the name, and is short whatever was sent. */
function messageFor(named: string): RegExp {
  const escaped = RegExp.escape(named);
  return new RegExp(`^(?=[^]{1,2000}$)(?:[^]*; )?(?:"[^"]*", )*${escaped}: `);
}

function expectRefused({ error, output }: Answer, named: string): void {
  expect(output).toBeUndefined();
  expect(error).toEqual({ name, message: expect.stringMatching(messageFor(named)) });
}

function expectRefusedOverHttp(answer: Answer, operation: Operation, named: string): void {
  expectHttpError(answer, { operation, name, message: messageFor(named) });
}

/** Sends the target as it is: fetch would resolve dots and encode. */
function getRaw(target: string): Promise<Answer> {
  const { hostname, port, pathname } = new URL(running.apiUrl);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request({ hostname, port, path: `${pathname}${target}` }, async (response) => {
    const headers = Object.entries(response.headers).map(([key, value]) => [key, String(value)]);
    const text = (await response.setEncoding('utf8').toArray()).join('');
    const http = { status: response.statusCode ?? 0, headers: Object.fromEntries(headers) };
    resolve({ output: undefined, error: undefined, http: { ...http, body: JSON.parse(text) } });
  });
  sent.on('error', reject).end();
  return promise;
}
