/** Who may call the API. */
import { randomUUID } from 'node:crypto';
import { routes } from '../../openapi/routes.ts';
import { type ApiCall, callApi, expectApiError } from '../call-api.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { eicar } from '../eicar.ts';
import { expectEqual } from '../outcomes.ts';
import { type SigningOptions, signRequest } from '../sign-request.ts';

const DENIED = [403, 'AccessDeniedError'] as const;
const PATH = `/files/${eicar.md5}`;

/** A call of each route; none of them sends a request to VirusTotal unless the API lets it in. */
export function callsOfRoutes(): ApiCall[] {
  return routes.map(({ route: { method, path, parameters } }) => {
    const filled = path.replaceAll(/\{\w+\}/g, eicar.md5);
    const isByUrl = parameters.some(({ in: where, name }) => where === 'query' && name === 'url');
    const query = isByUrl ? '?url=http%3A%2F%2F10.0.0.1%2F' : '';
    return { method, path: `${filled}${query}`, ...(method === 'POST' && { body: {} }) };
  });
}

const withoutIam = ({ target }: CheckContext) =>
  target.auth === 'iam' ? undefined : 'the API asks for an API key instead of signatures';

const withoutSignatures = (context: CheckContext) =>
  context.target.local?.signs === false
    ? 'this local run checks no signatures; start it with npm start -- --sign'
    : withoutIam(context);

/** Unsigned calls are refused on every route. */
export const unsignedCalls: Check = {
  id: 'unsigned',
  proves: 'Unsigned requests to any route get 403 in the error envelope.',
  class: 'lookup',
  requests: 0,
  notFor: withoutSignatures,
  async run(context) {
    const calls = callsOfRoutes();
    for (const call of calls) {
      const answer = await callApi(context, { ...call, sign: async () => ({}) });
      expectApiError({ ...answer, call: `unsigned ${answer.call}` }, ...DENIED);
    }
    return `${calls.length} routes`;
  },
};

/** Signatures that must not be accepted. */
const wrongSignatures: Readonly<
  Record<string, (options: SigningOptions) => Partial<SigningOptions> & { readonly path?: string }>
> = {
  'signed with another secret': ({ credentials }) => ({
    credentials: { ...credentials, secretAccessKey: `${credentials.secretAccessKey}x` },
  }),
  'signed ten minutes ago': () => ({ signingDate: new Date(Date.now() - 10 * 60_000) }),
  'signed for another path': () => ({ path: '/domains/example.com' }),
  'signed for another service': () => ({ service: 's3' }),
};

/** Wrong signatures are refused. */
export const wrongSignatureCalls: Check = {
  id: 'wrong-signatures',
  proves:
    'Requests with a wrong secret, an old signature, or a signature of another request get 403 in the error envelope.',
  class: 'lookup',
  requests: 0,
  notFor: withoutSignatures,
  async run(context) {
    for (const [what, change] of Object.entries(wrongSignatures)) {
      const answer = await callApi(context, {
        path: PATH,
        async sign(target, call) {
          const options = { credentials: await target.credentials(), region: target.region };
          const { path, ...changed } = change(options);
          const url = path === undefined ? call.url : new URL(`${target.apiUrl}${path}`);
          return signRequest({ ...call, url }, { ...options, ...changed });
        },
      });
      expectApiError({ ...answer, call: `${answer.call} ${what}` }, ...DENIED);
    }
    const body = '{"url":"http://10.0.0.1/"}';
    const tampered = await callApi(context, {
      method: 'POST',
      path: '/urls',
      body,
      sign: async (target, call) =>
        signRequest(
          { ...call, body: '{"url":"http://10.0.0.2/"}' },
          { credentials: await target.credentials(), region: target.region },
        ),
    });
    expectApiError({ ...tampered, call: `${tampered.call} with a changed body` }, ...DENIED);
    return `${Object.keys(wrongSignatures).length + 1} wrong signatures`;
  },
};

/** The API key is asked for, and accepted. */
export const apiKeyCalls: Check = {
  id: 'api-key',
  proves:
    'With `apiAuth=api-key`, requests without a key or with a wrong one get 403, and one with the key gets an answer.',
  class: 'lookup',
  requests: 0,
  notFor: ({ target }) =>
    target.auth === 'api-key' ? undefined : 'the API asks for signatures (apiAuth: iam)',
  async run(context) {
    const path = `/submissions/${randomUUID()}`;
    const keys = { 'without a key': {}, 'with a wrong key': { 'x-api-key': randomUUID() } };
    for (const [what, headers] of Object.entries(keys)) {
      const answer = await callApi(context, { path, sign: async () => headers });
      expectApiError({ ...answer, call: `${answer.call} ${what}` }, ...DENIED);
    }
    const answer = await callApi(context, { path });
    expectEqual(`status of ${answer.call} with the key`, answer.status, 404);
    return 'refused without the key, answered with it';
  },
};
