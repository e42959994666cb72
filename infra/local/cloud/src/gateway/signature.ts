/** Checks signatures of Signature Version 4 (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html). */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { LOCAL_REGION } from '../types.ts';
import { GatewayRefusal } from './refusal.ts';
import { type GatewayRequest, headerValues } from './request.ts';

/** The key that callers sign with. */
export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** API Gateway's name in a signature's scope. */
const SERVICE = 'execute-api';
/** How far the time of a signature may be off, milliseconds. */
const MAX_SKEW_MS = 5 * 60_000;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=([^/\s,]+)\/(\d{8})\/([^/\s,]+)\/([^/\s,]+)\/aws4_request, *SignedHeaders=([\w;-]+), *Signature=([0-9a-f]{64})$/;

interface Authorization {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * Refuses a request that is not signed with the key: unsigned, changed after it was signed, or signed more than
 * five minutes ago. Signatures in the query (presigned URLs) are not supported and count as missing.
 *
 * @param nowMs - real time, which is what clients sign with; not that of a fast clock
 * @throws GatewayRefusal
 */
export async function checkSignature(
  request: GatewayRequest,
  key: SigningKey,
  nowMs: number,
): Promise<void> {
  const [header] = headerValues(request.headers, 'authorization');
  if (header === undefined) throw new GatewayRefusal('MISSING_AUTHENTICATION_TOKEN');
  const authorization = authorizationOf(header);
  const signedAt = timeOf(headerValues(request.headers, 'x-amz-date').at(-1), authorization.day);
  refuseScope(authorization, key);
  if (Math.abs(nowMs - signedAt.getTime()) > MAX_SKEW_MS) {
    throw invalid(
      `Signature expired or not yet valid: signed at ${signedAt.toISOString()}, and it is ${new Date(nowMs).toISOString()}`,
    );
  }
  refuseOtherBody(request);
  const expected = await sign(request, authorization, key, signedAt);
  if (isSame(expected, authorization.signature)) return;
  throw invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  );
}

function authorizationOf(header: string): Authorization {
  const [whole, accessKeyId = '', day = '', region = '', service = '', names = '', signature = ''] =
    AUTHORIZATION.exec(header) ?? [];
  if (whole === undefined)
    throw invalid('The Authorization header is not one of AWS4-HMAC-SHA256.');
  const signedHeaders = names.split(';');
  if (!signedHeaders.includes('host')) throw invalid("'Host' must be a signed header.");
  return { accessKeyId, day, region, service, signedHeaders, signature };
}

/** @param text - for example `20261128T133645Z` */
function timeOf(text: string | undefined, day: string): Date {
  const iso = text?.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const time = new Date(iso ?? '');
  if (Number.isNaN(time.getTime())) throw invalid('The header X-Amz-Date is missing or malformed.');
  if (text?.startsWith(day)) return time;
  throw invalid('The date of the credential scope is not that of X-Amz-Date.');
}

function refuseScope({ accessKeyId, region, service }: Authorization, key: SigningKey): void {
  if (accessKeyId !== key.accessKeyId) {
    throw invalid('The security token included in the request is invalid.');
  }
  if (region === LOCAL_REGION && service === SERVICE) return;
  throw invalid(`Credential should be scoped to ${LOCAL_REGION}/${SERVICE}.`);
}

/** The signature covers the digest in the header, and the header has to be that of the body. */
function refuseOtherBody({ headers, body }: GatewayRequest): void {
  const [digest] = headerValues(headers, 'x-amz-content-sha256');
  if (digest === undefined || digest === createHash('sha256').update(body).digest('hex')) return;
  throw invalid('The header X-Amz-Content-Sha256 is not the digest of the body.');
}

async function sign(
  request: GatewayRequest,
  { signedHeaders }: Authorization,
  credentials: SigningKey,
  signingDate: Date,
): Promise<string> {
  const signer = new SignatureV4({
    service: SERVICE,
    region: LOCAL_REGION,
    credentials,
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
  const values = signedHeaders.map((name) => [name, headerValues(request.headers, name).join(',')]);
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: '',
      path: request.path,
      query: queryOf(request.rawQuery),
      headers: Object.fromEntries(values),
      body: request.body,
    },
    { signingDate, signableHeaders: new Set(signedHeaders) },
  );
  return /Signature=([0-9a-f]+)$/.exec(signed.headers.authorization ?? '')?.[1] ?? '';
}

/** Decoded as a signer has it; a plus sign is itself. */
function queryOf(raw: string): Record<string, string[]> {
  const query = new Map<string, string[]>();
  for (const pair of raw.split('&').filter(Boolean)) {
    const [name = '', ...value] = pair.split('=');
    const key = decoded(name);
    query.set(key, [...(query.get(key) ?? []), decoded(value.join('='))]);
  }
  return Object.fromEntries(query);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('The query is not percent-encoded.');
  }
}

function isSame(expected: string, signature: string): boolean {
  return (
    expected.length === signature.length &&
    timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
  );
}

function invalid(message: string): GatewayRefusal {
  return new GatewayRefusal('INVALID_SIGNATURE', { message });
}
