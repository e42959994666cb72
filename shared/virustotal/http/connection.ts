/** How far a connection came before it failed: that decides whether a request may be sent again. */
import type { ClientRequest } from 'node:http';
import { UpstreamError } from '../../errors.ts';

/** The connection failed; whether the server may have seen the request is what decides on a retry. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  /**
   * `never`: no connection; `untrusted`: no connection, the certificate is refused; `broken`: fate
   * unknown; `stale`: the same, on a connection kept from an earlier request, which the server had
   * most likely dropped meanwhile (a Lambda function is frozen between invocations).
   */
  readonly kind: 'never' | 'untrusted' | 'broken' | 'stale';

  /**
   * @param kind - how far it came
   * @param reason - Node's code, for example `ECONNRESET`; for a certificate its words
   */
  constructor(kind: ConnectionFailure['kind'], reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** What is known of the connection of one request. */
export interface Connection {
  /** Resolves when bytes can be sent, TLS included; rejects when that never comes. */
  readonly established: Promise<void>;
  /** Says what an error of the request means. */
  explain(error: unknown): ConnectionFailure | UpstreamError;
}

/** Watches the connection of a request from its start. */
export function watchConnection(client: ClientRequest): Connection {
  let isEstablished = false;
  const { promise: established, resolve, reject } = Promise.withResolvers<void>();
  // A request without a body waits for nothing.
  established.catch(() => {});
  const ready = () => {
    isEstablished = true;
    resolve();
  };
  client.once('error', reject);
  client.once('socket', (socket) => {
    if (client.reusedSocket) ready();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', ready);
  });
  return {
    established,
    explain: (error) => explain(error, isEstablished, client.reusedSocket),
  };
}

/** Codes of OpenSSL's verdicts on a certificate, and Node's own on its names. */
const CERTIFICATE_CODE =
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|CRL/;

function explain(
  error: unknown,
  isEstablished: boolean,
  isReused: boolean,
): ConnectionFailure | UpstreamError {
  const code = codeOf(error);
  if (code.startsWith('HPE_')) {
    return new UpstreamError(`the VirusTotal server's answer is not HTTP (${code})`);
  }
  if (isEstablished) return new ConnectionFailure(isReused ? 'stale' : 'broken', code);
  if (error instanceof Error && CERTIFICATE_CODE.test(code)) {
    // After the semicolon comes Node's advice to whoever starts the process.
    const words = error.message.split(';', 1)[0]?.slice(0, 200);
    return new ConnectionFailure('untrusted', `${words}, ${code}`);
  }
  return new ConnectionFailure('never', code);
}

function codeOf(error: unknown): string {
  const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return hasCode ? String(error.code) : 'connection failed';
}
