/** Signs requests to the API, as API Gateway checks them with IAM authorisation. */
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

/** Credentials of AWS; the session token belongs to temporary ones. */
export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** A request to sign. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** With what to sign. */
export interface SigningOptions {
  readonly credentials: SigningCredentials;
  readonly region: string;
  /** Name in the scope of the signature. @default 'execute-api' */
  readonly service?: string;
  /** @default now */
  readonly signingDate?: Date;
}

/** Returns the request's headers with those of the signature. `fetch` sets `host` itself. */
export async function signRequest(
  { method, url, headers = {}, body }: UnsignedRequest,
  { credentials, region, service = 'execute-api', signingDate = new Date() }: SigningOptions,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service,
    region,
    credentials,
    sha256: Hash.bind(null, 'sha256'),
  });
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: queryOf(url),
      headers: { ...headers, host: url.host },
      body,
    },
    { signingDate },
  );
  const { host: _, ...rest } = signed.headers;
  return rest;
}

/** Decoded; the signer encodes it. */
function queryOf({ searchParams }: URL): Record<string, string[]> {
  return Object.fromEntries(
    [...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]),
  );
}
