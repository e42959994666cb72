import { describe, expect, it } from 'vitest';
import {
  describeFault,
  isNotAvailableYet,
  isUnknown,
  readFault,
  toNamedError,
} from '../../../shared/virustotal/failures.ts';
import { KEY } from './harness.ts';

const answer = (status: number, text: string | null) => ({
  status,
  text,
  contentType: 'application/json',
  retryAfter: undefined,
});
const error = (status: number, code: unknown, message: unknown = 'words') =>
  readFault(answer(status, JSON.stringify({ error: { code, message } })), KEY);

describe('readFault', () => {
  it('reads code and message', () => {
    expect(error(404, 'NotFoundError', 'File "x" not found')).toEqual({
      status: 404,
      code: 'NotFoundError',
      message: 'File "x" not found',
      isForeign: false,
    });
  });

  it.each([
    ['nothing', '', false],
    ['what cannot be decompressed', null, false],
    ['truncated JSON', '{"error":{"code":"NotFoundErr', false],
    ['a web page', '<!DOCTYPE html><title>Not Found</title>', true],
    ['a line of text', '404 page not found', true],
    ['JSON of another API', '{"message":"Not Found"}', true],
    ['a list', '[1]', true],
    ['null', 'null', true],
    ['an error that is a text', '{"error":"Not Found"}', true],
    ['an error that is null', '{"error":null}', true],
    ['an error that is empty', '{"error":{}}', false],
    ['a code that is no text', '{"error":{"code":7,"message":["x"]}}', false],
  ])('reads %s without code and message', (_, text, isForeign) => {
    expect(readFault(answer(404, text), KEY)).toEqual({
      status: 404,
      code: '',
      message: '',
      isForeign,
    });
  });

  it('takes the key out of code and message before it cuts them', () => {
    const { code, message } = error(401, `Code${KEY}`, `${'x'.repeat(280)}${KEY} end`);
    expect(code).toBe('Code[redacted]');
    expect(message).toBe(`${'x'.repeat(280)}[redacted] end`.slice(0, 300));
    expect(error(400, 'c'.repeat(500), 'm'.repeat(1e6))).toMatchObject({
      code: 'c'.repeat(100),
      message: 'm'.repeat(300),
    });
  });
});

it('calls an object unknown by its status, unless another server speaks', () => {
  expect(isUnknown(error(404, 'NotFoundError'))).toBe(true);
  expect(isUnknown(error(404, 'SomethingNew'))).toBe(true);
  expect(isUnknown(readFault(answer(404, ''), KEY))).toBe(true);
  expect(isUnknown(readFault(answer(404, '<html>'), KEY))).toBe(false);
  expect(isUnknown(readFault(answer(404, '{"detail":"Not Found"}'), KEY))).toBe(false);
  expect(isUnknown(error(400, 'NotFoundError'))).toBe(false);
});

it('knows an analysis that has not got so far', () => {
  expect(isNotAvailableYet(error(400, 'NotAvailableYet'))).toBe(true);
  expect(isNotAvailableYet(error(400, 'InvalidArgumentError'))).toBe(false);
});

describe('toNamedError', () => {
  it.each([
    [302, '', 'UpstreamError'],
    [400, 'InvalidArgumentError', 'InvalidInputError'],
    [400, 'BadRequestError', 'UpstreamError'],
    [400, 'constructor', 'UpstreamError'],
    [400, '', 'UpstreamError'],
    [401, 'WrongCredentialsError', 'ApiKeyError'],
    [401, 'ForbiddenError', 'ApiKeyError'],
    [403, 'ForbiddenError', 'ForbiddenByVirusTotalError'],
    [403, 'WrongCredentialsError', 'ForbiddenByVirusTotalError'],
    [404, 'NotFoundError', 'UpstreamError'],
    [409, 'AlreadyExistsError', 'UpstreamError'],
    [413, 'TooLarge', 'ObjectTooLargeError'],
    [418, 'Teapot', 'UpstreamError'],
    [424, 'FailedDependencyError', 'UpstreamError'],
    [500, '', 'UpstreamUnavailableError'],
    [503, 'TransientError', 'UpstreamUnavailableError'],
    [504, 'DeadlineExceededError', 'UpstreamUnavailableError'],
  ])('%d %j is %s', (status, code, name) => {
    const named = toNamedError(error(status, code));
    expect(named.name).toBe(name);
    expect(named.message).toContain(
      code ? `HTTP ${status}, ${code}: words` : `HTTP ${status}: words`,
    );
  });

  it('asks about the server URL when another server answers 404', () => {
    const { message } = toNamedError(readFault(answer(404, '<html>'), KEY));
    expect(message).toBe(
      'VirusTotal gave an unexpected answer: HTTP 404 (not an answer of its API; check the server URL)',
    );
  });

  it('says that redirects are not followed', () => {
    expect(toNamedError(readFault(answer(301, ''), KEY)).message).toBe(
      'VirusTotal answered with a redirect, which is not followed: HTTP 301',
    );
  });
});

it('describes a fault with what is known of it', () => {
  expect(describeFault(error(403, 'ForbiddenError', 'You are not authorized'))).toBe(
    'HTTP 403, ForbiddenError: You are not authorized',
  );
  expect(describeFault(readFault(answer(403, ''), KEY))).toBe('HTTP 403');
});
