/** How requests are refused, and the headers of answers. */
import { randomUUID } from 'node:crypto';
import { domainReputation, submitFile, submitUrl } from '../../../shared/operations/catalogue.ts';
import { type ApiAnswer, type ApiCall, callApi, expectApiError } from '../call-api.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { fieldOf } from '../field-of.ts';
import { invokeDirect, invokeForOutput } from '../invoke.ts';
import { CheckFailure, expectEqual, shown } from '../outcomes.ts';
import { expectOutput, outputOverHttp } from './lookups.ts';

const INVALID = [400, 'InvalidInputError'] as const;

/** Malformed requests, and what the message names. */
const badCalls: readonly (readonly [call: ApiCall, named: RegExp])[] = [
  [{ method: 'POST', path: '/urls', body: '[]' }, /body/],
  [{ method: 'POST', path: '/urls', body: 'no JSON' }, /body/],
  [{ path: '/urls' }, /url|parameter/],
  [{ path: '/files/not-a-hash' }, /not-a-hash|hash/],
  [{ path: '/domains/example.com?detials=summary' }, /detials/],
  [{ method: 'POST', path: '/urls', body: { url: 'http://10.0.0.1/', uri: 'x' } }, /uri/],
];

/** Malformed requests are refused in the envelope. */
export const badInput: Check = {
  id: 'bad-input',
  proves:
    'A body that is not an object, a missing parameter, an unknown one and a malformed value get 400 in the envelope, with `requestId` and the name of the field; a direct invocation throws `InvalidInputError`.',
  class: 'lookup',
  requests: 0,
  async run(context) {
    for (const [call, named] of badCalls) {
      const answer = await callApi(context, call);
      const { message } = expectApiError(answer, ...INVALID);
      if (!named.test(message)) {
        throw new CheckFailure(
          `${answer.call}: got the message ${shown(message)}, which does not name ${named}`,
        );
      }
    }
    const direct = await invokeDirect(context, domainReputation, { domain: 7 });
    const thrown = 'error' in direct ? direct.error.errorType : 'an output';
    expectEqual('direct invocation of DomainReputation with a number', thrown, 'InvalidInputError');
    return `${badCalls.length} requests and an invocation refused`;
  },
};

/** An invented submission is unknown. */
export const unknownSubmission: Check = {
  id: 'unknown-submission',
  proves:
    '`GET /submissions/` with an invented id gets 404 `ObjectNotFoundError`: Step Functions says `ExecutionDoesNotExist` to a role that may ask.',
  class: 'lookup',
  requests: 0,
  async run(context) {
    const answer = await callApi(context, { path: `/submissions/${randomUUID()}` });
    expectApiError(answer, 404, 'ObjectNotFoundError');
    return '404';
  },
};

/** The two submissions reach their functions. */
export const submissions: Check = {
  id: 'submissions',
  proves:
    '`submit_sample` and `submit_url`, over HTTP and direct, without sending anything: an object that does not exist is 404 `ObjectNotFoundError`, and a private URL is not sent.',
  class: 'lookup',
  requests: 0,
  async run(context) {
    const key = `verify/${context.runId}/none`;
    const missing = await callApi(context, { method: 'POST', path: '/files', body: { key } });
    expectApiError(missing, 404, 'ObjectNotFoundError');
    const direct = await invokeDirect(context, submitFile, { key });
    const thrown =
      'error' in direct ? `${direct.error.errorType}: ${direct.error.errorMessage}` : 'an output';
    if (!thrown.startsWith('ObjectNotFoundError')) {
      throw new CheckFailure(
        `direct invocation of SubmitFile: got ${thrown}; expected ObjectNotFoundError`,
      );
    }
    const url = 'http://10.0.0.1/';
    for (const [way, output] of [
      ['over HTTP', await outputOverHttp(context, submitUrl, { path: '/urls', body: { url } })],
      ['direct', await invokeForOutput(context, submitUrl, { url })],
    ] as const) {
      expectOutput(`submit_url ${way}`, submitUrl, output);
      expectEqual(
        `submit_url ${way} of ${url}, response_code`,
        fieldOf(output, 'response_code'),
        0,
      );
    }
    return 'nothing was sent';
  },
};

/** Calls that an answer of a function, an error of a function, and an error of the gateway come from. */
const answeredCalls: readonly ApiCall[] = [
  { path: '/ip-addresses/10.0.0.1?details=summary' },
  { path: '/files/not-a-hash' },
  { path: '/urls' },
  { path: '/no-such-route' },
  { method: 'POST', path: '/urls', body: '[]' },
];

/** Headers of all answers. */
export const answerHeaders: Check = {
  id: 'headers',
  proves:
    'Answers are JSON and must not be cached or sniffed (`cache-control: no-store`, `x-content-type-options: nosniff` from functions); none allows other origins.',
  class: 'lookup',
  requests: 0,
  async run(context) {
    for (const call of answeredCalls) expectHeaders(await callApi(context, call), context);
    return `${answeredCalls.length} answers`;
  },
};

function expectHeaders(answer: ApiAnswer, { target }: CheckContext): void {
  const { headers, call, status } = answer;
  const header = (name: string) => headers.get(name);
  expectEqual(`${call} (${status}), cache-control`, header('cache-control'), 'no-store');
  expectEqual(
    `${call} (${status}), content-type`,
    header('content-type')?.split(';')[0],
    'application/json',
  );
  // API Gateway says why only if it answers itself.
  if (header('x-amzn-errortype') === null) {
    expectEqual(
      `${call} (${status}), x-content-type-options`,
      header('x-content-type-options'),
      'nosniff',
    );
  }
  expectEqual(
    `${call} (${status}), access-control-allow-origin`,
    header('access-control-allow-origin'),
    null,
  );
  if (!header('x-amzn-requestid'))
    throw new CheckFailure(`${call} of ${target.apiUrl}: no x-amzn-requestid`);
}
