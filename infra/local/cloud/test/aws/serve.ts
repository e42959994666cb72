/** Serves one service of the local run, and asks it with the real SDK. */
import { onTestFinished } from 'vitest';
import { startAwsEndpoint } from '../../src/aws/http/endpoint.ts';
import type { AwsService } from '../../src/aws/http/service.ts';
import { RecordedCalls } from '../../src/testing/recorded-calls.ts';

/** A service that is served. */
export interface Served {
  /** Options for an SDK client. */
  readonly options: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  readonly recorder: RecordedCalls;
}

/** Serves until the test ends. */
export async function serve(service: AwsService): Promise<Served> {
  const recorder = new RecordedCalls();
  const endpoint = await startAwsEndpoint({ services: [service], recorder });
  onTestFinished(() => endpoint.close());
  const credentials = { accessKeyId: 'SomeRole', secretAccessKey: 'secret' };
  const options = { endpoint: endpoint.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  return { options, recorder };
}

/** Calls an action as no SDK would: `target` is `<prefix>.<Action>`. */
export async function post(
  { options }: Served,
  service: string,
  target: string,
  body: string,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const scope = `SomeRole/20261124/us-east-1/${service}/aws4_request`;
  const response = await fetch(options.endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'x-amz-target': target,
    },
    body,
  });
  return { status: response.status, json: await response.json() };
}
