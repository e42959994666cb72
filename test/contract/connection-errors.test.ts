/** A VirusTotal that cannot be reached, or is not who it says. */

import { selfSigned } from '@local/virustotal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileReputation, ipReputation, submitUrl } from '../../shared/operations/catalogue.ts';
import { directly } from '../support/call-operation.ts';
import { expectError } from '../support/expect-error.ts';
import {
  leaksOf,
  STARTUP_MS,
  startTestStack,
  type TestStack,
  type TestStackOptions,
} from '../support/running-stack.ts';
import { startUpstream } from '../support/upstream-server.ts';

const lookup = { operation: fileReputation, input: { hash: 'a'.repeat(64) } } as const;
const submission = {
  operation: submitUrl,
  input: { url: 'http://example.com/', upload: 'always' },
} as const;
const unavailable = 'UpstreamUnavailableError';

describe('no server is listening', () => {
  const running = started(async () => {
    const gone = await startUpstream();
    await gone[Symbol.asyncDispose]();
    // The speed shortens the waits between retries.
    return { speed: 20, environment: { VIRUSTOTAL_SERVER_URL: gone.url } };
  });

  it.each([lookup, submission])(
    '$operation.name: the connection is refused',
    async (call) => {
      const message = /no connection to the VirusTotal server \(ECONNREFUSED\)/;
      await expectError(running(), { ...call, name: unavailable, message });
      expect(leaksOf(running())).toEqual([]);
    },
    60_000,
  );
});

describe('the certificate is not trusted', () => {
  const running = started(() => ({ simulator: { tls: selfSigned() } }));

  it.each([lookup, submission])('$operation.name', async (call) => {
    const message = /TLS certificate of the VirusTotal server is not trusted/;
    await expectError(running(), { ...call, name: unavailable, message });
    expect(running().simulator.requests).toEqual([]);
    expect(leaksOf(running())).toEqual([]);
  });
});

describe('the certificate is not verified', () => {
  const running = started(() => ({
    simulator: { tls: selfSigned() },
    environment: { VIRUSTOTAL_VERIFY_SSL: 'false' },
  }));

  it('asks all the same', async () => {
    const { output } = await directly(running(), ipReputation, ipReputation.example);
    expect(output).toMatchObject({ response_code: 1 });
  });
});

/** Starts a stack for the tests of one group. */
function started(options: () => TestStackOptions | Promise<TestStackOptions>): () => TestStack {
  let running: TestStack | undefined;
  beforeAll(async () => {
    running = await startTestStack(await options());
  }, STARTUP_MS);
  afterAll(() => running?.close());
  return () => {
    if (!running) throw new Error('the stack does not run');
    return running;
  };
}
