/** Calls the API of the local run. */
import { LOCAL_REGION } from '@local/cloud';
import { signRequest } from '../verify/sign-request.ts';

/** How clients of the local run sign: with made-up credentials. */
export const localSigning = {
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  region: LOCAL_REGION,
} as const;

/** A request to the API. */
export interface ApiCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Calls the API. */
export type ApiFetch = (url: string, call?: ApiCall) => Promise<Response>;

/** Signs each request, as `npm start -- --sign` demands. */
export const signedFetch: ApiFetch = async (url, { signal, ...call } = {}) => {
  const { method = 'GET', headers, body } = call;
  const request = { method, url: new URL(url), headers, body };
  return fetch(url, { ...call, headers: await signRequest(request, localSigning), signal });
};
