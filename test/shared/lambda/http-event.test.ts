import { expect, it } from 'vitest';
import { basePathOf, isHttpEvent, receivedAt } from '../../../shared/lambda/http-event.ts';

const read = (event: unknown) => {
  if (!isHttpEvent(event)) throw new Error('not an HTTP event');
  return { base: basePathOf(event, '/files'), receivedAt: receivedAt(event) };
};
const rest = (path: unknown) => read({ requestContext: { path } }).base;
const http = (path: unknown) => read({ version: '2.0', requestContext: { http: { path } } }).base;

it.each([
  ['the stage', '/v1/files', '/v1'],
  ['a trailing slash', '/v1/files/', '/v1'],
  ['the base path of a custom domain', '/virustotal/files', '/virustotal'],
  ['a base path of several segments', '/security/virustotal/files', '/security/virustotal'],
  ['a base path that ends like the route', '/files/files', '/files'],
  ['a custom domain without base path', '/files', ''],
  ['another route', '/v1/other', ''],
  ['a path that would name a host', '//example.com/files', ''],
  ['nothing', undefined, ''],
])('the base path of %s', (_, path, expected) => {
  expect(rest(path)).toBe(expected);
  expect(http(path)).toBe(expected);
});

it('the base path of payload 2.0 without a path is empty', () => {
  expect(read({ version: '2.0', requestContext: {} }).base).toBe('');
});

it.each([
  [{ requestTimeEpoch: 1_700_000_000_000 }, 1_700_000_000_000],
  [{ timeEpoch: 1_700_000_000_000 }, 1_700_000_000_000],
  [{ requestTimeEpoch: '1700000000000' }, undefined],
  [{ requestTimeEpoch: Number.NaN }, undefined],
  [{}, undefined],
])('the time of a request with %j is %s', (requestContext, expected) => {
  expect(read({ requestContext }).receivedAt).toBe(expected);
});
