import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../shared/errors.ts';
import type { HttpEvent } from '../../../shared/lambda/http-event.ts';
import { isHttpEvent, pathParameters, requestIdOf } from '../../../shared/lambda/http-event.ts';
import { httpInput } from '../../../shared/lambda/http-input.ts';
import {
  fileReputation,
  ipReputation,
  type Operation,
  submitUrl,
  urlReputation,
} from '../../../shared/operations/catalogue.ts';
import { type HttpRequest, httpApiEvent, restApiEvent } from '../../support/events.ts';

const MD5 = '44d88612fea8a8f36de82e1278abb02f';

function event(make: (request: HttpRequest) => unknown, request: HttpRequest): HttpEvent {
  const made = make(request);
  if (!isHttpEvent(made)) throw new Error('the event was not taken for an HTTP event');
  return made;
}

const get = (operation: Operation, parts: Partial<HttpRequest>): HttpRequest => ({
  method: 'GET',
  route: operation.route.path,
  ...parts,
});

describe.each([
  ['payload 1.0', restApiEvent],
  ['payload 2.0', httpApiEvent],
])('%s', (_, make) => {
  it('reads a hash from the path', () => {
    const request = get(fileReputation, { path: { resource: MD5 } });
    expect(httpInput(fileReputation, event(make, request))).toEqual({
      value: { hash: MD5 },
      callerNames: { hash: 'resource', scan_id: 'resource', policy: 'policy', cache: 'cache' },
    });
  });

  it('reads a scan_id from the same parameter', () => {
    const scanId = `${'ab'.repeat(32)}-1700000000`;
    const request = get(fileReputation, { path: { resource: scanId } });
    expect(httpInput(fileReputation, event(make, request)).value).toEqual({ scan_id: scanId });
  });

  it('decodes a path parameter exactly once', () => {
    const request = get(ipReputation, { path: { ip: '2001%3Adb8::1 %' } });
    expect(httpInput(ipReputation, event(make, request)).value).toEqual({ ip: '2001%3Adb8::1 %' });
  });

  it('keeps a comma, an ampersand and a plus of a query parameter', () => {
    const url = 'http://example.com/?a=1,2&b=3+4';
    const request = get(urlReputation, { query: [['url', url]] });
    expect(httpInput(urlReputation, event(make, request)).value).toEqual({ url });
  });

  it('refuses an unknown query parameter and shows how to encode a URL', () => {
    const request = get(urlReputation, {
      query: [
        ['url', 'http://a.example.com/?x=1'],
        ['y', '2'],
      ],
    });
    const run = () => httpInput(urlReputation, event(make, request));
    expect(run).toThrow(InvalidInputError);
    expect(run).toThrow(
      /^"y": unknown query parameter; allowed: url, scan_id, policy, cache\..*--data-urlencode/,
    );
  });

  it('refuses a repeated query parameter', () => {
    const request = get(urlReputation, {
      query: [
        ['url', 'http://a.example.com/'],
        ['url', 'http://b.example.com/'],
      ],
    });
    expect(() => httpInput(urlReputation, event(make, request))).toThrow(
      /^url: got .* more than once/,
    );
  });

  it('refuses a query parameter on a route without any', () => {
    const request: HttpRequest = {
      method: 'POST',
      route: '/urls',
      query: [['url', 'http://a.example.com/']],
      body: '{}',
    };
    expect(() => httpInput(submitUrl, event(make, request))).toThrow(/allowed: none/);
  });

  it('knows the id of the request', () => {
    const made = event(make, get(ipReputation, { path: { ip: '192.0.2.1' } }));
    expect(requestIdOf(made)).toMatch(/^(c6af9ac6-7b61-11e6-9a41-93e8deadbeef|JKJaXmPLvHcESHA=)$/);
  });
});

describe('payload 1.0 alone', () => {
  it('refuses a path parameter that is not valid percent-encoding', () => {
    const made = { ...restApiEvent(get(ipReputation, {})), pathParameters: { ip: '%E0%A4%A' } };
    if (!isHttpEvent(made)) throw new Error('not taken for an HTTP event');
    expect(() => pathParameters(made)).toThrow(
      /^ip: got "%E0%A4%A"; allowed: valid percent-encoding/,
    );
  });

  it('reads the query without the multi-value form', () => {
    const made = {
      ...restApiEvent(get(urlReputation, { query: [['url', 'http://example.com/']] })),
      multiValueQueryStringParameters: undefined,
    };
    if (!isHttpEvent(made)) throw new Error('not taken for an HTTP event');
    expect(httpInput(urlReputation, made).value).toEqual({ url: 'http://example.com/' });
  });
});

describe('payload 2.0 alone', () => {
  const raw = (rawQueryString: string) => {
    const made = { ...httpApiEvent(get(urlReputation, {})), rawQueryString };
    if (!isHttpEvent(made)) throw new Error('not taken for an HTTP event');
    return () => httpInput(urlReputation, made).value;
  };

  it.each(['url=http://a.example.com/%E0%A4%A', 'url=http://a.example.com/100%', 'url=%ff'])(
    'refuses %s rather than ask about another URL',
    (query) => {
      expect(raw(query)).toThrow(InvalidInputError);
      expect(raw(query)).toThrow(/^url: got ".*"; allowed: valid percent-encoding$/);
    },
  );

  it('keeps an equals sign of a value, and passes over empty pairs', () => {
    expect(raw('&url=http://a.example.com/?x=1=%C3%A9+%2B&')()).toEqual({
      url: 'http://a.example.com/?x=1=é +',
    });
  });

  it.each(['__proto__', 'constructor', 'toString'])('refuses the parameter %s', (name) => {
    expect(raw(`${name}=1`)).toThrow(`"${name}": unknown query parameter; allowed: url, scan_id`);
  });
});

describe('isHttpEvent', () => {
  it.each([[{ hash: MD5 }], [null], ['text'], [undefined], [{ requestContext: null }], [[]]])(
    'takes %j for a direct invocation',
    (direct) => {
      expect(isHttpEvent(direct)).toBe(false);
    },
  );
});
