/** Serves one service of the local run, and asks it with the real SDK. */
import { onTestFinished } from 'vitest';
import { startAwsEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import type { AwsService } from '../../../../infra/local/aws/service.ts';
import { RecordedCalls } from '../../../support/recorded-calls.ts';

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
