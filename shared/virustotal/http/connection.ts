/** Finds out how far a connection got before it failed: that decides whether a request may be retried. */
import type { ClientRequest } from 'node:http';
import { UpstreamError } from '../../errors.ts';

/** The connection failed. A retry depends on whether the server may have seen the request. */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';
  /**
   * `never`: not connected; `untrusted`: not connected, certificate refused; `broken`: the request may have
   * arrived; `stale`: the same, on a connection kept from an earlier request, which the server has most
   * likely dropped (a Lambda function is frozen between invocations).
   */
  readonly kind: 'never' | 'untrusted' | 'broken' | 'stale';

  /**
   * @param kind - how far it got
   * @param reason - Node's code, for example `ECONNRESET`; for a certificate also its message
   */
  constructor(kind: ConnectionFailure['kind'], reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** The connection of one request. */
export interface Connection {
  /** Resolves when bytes can be sent, after the TLS handshake; rejects if the connection fails. */
  readonly established: Promise<void>;
  /** Translates an error of the request. */
  explain(error: unknown): ConnectionFailure | UpstreamError;
}

/** Watches the connection of a request from its start. */
export function watchConnection(client: ClientRequest): Connection {
  let isEstablished = false;
  const { promise: established, resolve, reject } = Promise.withResolvers<void>();
  // Nothing awaits it for a request without a body.
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

/** OpenSSL's error codes for certificates, and Node's own for their names. */
const CERTIFICATE_CODE =
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|CRL/;

function explain(
  error: unknown,
  isEstablished: boolean,
  isReused: boolean,
): ConnectionFailure | UpstreamError {
  const code = codeOf(error);
  if (code.startsWith('HPE_')) {
    return new UpstreamError(`the answer of the VirusTotal server is not HTTP (${code})`);
  }
  if (isEstablished) return new ConnectionFailure(isReused ? 'stale' : 'broken', code);
  if (error instanceof Error && CERTIFICATE_CODE.test(code)) {
    // After the semicolon comes Node's advice for the operator of the process.
    const words = error.message.split(';', 1)[0]?.slice(0, 200);
    return new ConnectionFailure('untrusted', `${words}, ${code}`);
  }
  return new ConnectionFailure('never', code);
}

function codeOf(error: unknown): string {
  const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return hasCode ? String(error.code) : 'connection failed';
}
