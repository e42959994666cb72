/** Reads who signed a request, and for which service. Does not verify signatures. */
import type { IncomingMessage } from 'node:http';
import { LOCAL_REGION } from '../../types.ts';

/** The credential scope of a signature. */
export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  /** Signing name, for example `s3`. */
  readonly service: string;
}

/** `<access key id>/<date>/<region>/<service>/aws4_request`. */
const SCOPE = /^([^/\s]+)\/\d{8}\/([^/\s]+)\/([^/\s]+)\/aws4_request$/;

/** Authorisation of SigV2, which only S3 still takes. */
const SIGNED_V2 = /^AWS ([^:\s]+):/;

/** Reads the header, or the query of a presigned URL; undefined if both are missing. */
export function credentialOf({
  headers,
  url = '',
  method,
}: IncomingMessage): Credential | undefined {
  const query = new URLSearchParams(url.split('?')[1]);
  const header = /^AWS4-HMAC-SHA256\s.*?Credential=([^\s,]+)/.exec(headers.authorization ?? '');
  const scope = header?.[1] ?? query.get('X-Amz-Credential');
  const [, accessKeyId, region, service] = SCOPE.exec(scope ?? '') ?? [];
  if (accessKeyId && region && service) return { accessKeyId, region, service };
  const isForm = method === 'POST' && headers['content-type']?.startsWith('multipart/form-data');
  // The form of a presigned POST has its signature in a field.
  const s3Id =
    SIGNED_V2.exec(headers.authorization ?? '')?.[1] ??
    query.get('AWSAccessKeyId') ??
    (isForm ? 'form' : null);
  return s3Id === null ? undefined : { accessKeyId: s3Id, region: LOCAL_REGION, service: 's3' };
}
