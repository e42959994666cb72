/** Reads who signed a request, and for which service, from its SigV4 credential scope. Does not verify signatures. */
import type { IncomingMessage } from 'node:http';

/** The credential scope of a signature. */
export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  /** Signing name, for example `s3`. */
  readonly service: string;
}

/** `<access key id>/<date>/<region>/<service>/aws4_request`. */
const SCOPE = /^([^/\s]+)\/\d{8}\/([^/\s]+)\/([^/\s]+)\/aws4_request$/;

/** Reads the header, or the query of a presigned URL; undefined if both are missing. */
export function credentialOf({ headers, url = '' }: IncomingMessage): Credential | undefined {
  const header = /^AWS4-HMAC-SHA256\s.*?Credential=([^\s,]+)/.exec(headers.authorization ?? '');
  const scope = header?.[1] ?? new URLSearchParams(url.split('?')[1]).get('X-Amz-Credential');
  const [, accessKeyId, region, service] = SCOPE.exec(scope ?? '') ?? [];
  if (!accessKeyId || !region || !service) return undefined;
  return { accessKeyId, region, service };
}
