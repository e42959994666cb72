/** Any of the six functions in the test's process, with a simulator and a secret on loopback. */

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  PUBLIC_KEY,
  type RecordedRequest,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '@local/virustotal';
import { onTestFinished } from 'vitest';
import type { LambdaHandler } from '../../shared/lambda/adapter.ts';
import { operations } from '../../shared/operations/catalogue.ts';
import { type Engines, startEngines } from './aws-engines.ts';
import { startTable, type Table } from './dynalite.ts';
import { loadFunction, setEnvironment } from './environment.ts';
import { lambdaContext } from './lambda-context.ts';
import { json, type Reply, startUpstream, type Upstream } from './upstream-server.ts';
import { withoutJitter } from './without-jitter.ts';

/** Bucket that the functions know as theirs. */
export const BUCKET = 'uploads';

const root = join(import.meta.dirname, '../..');
const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:virustotal-AbCdEf';

/** The simulator's key has no limit, except in tests of the quota. */
export const withoutQuota = {
  VIRUSTOTAL_QUOTA_PER_MINUTE: 'none',
  VIRUSTOTAL_QUOTA_PER_DAY: 'none',
  VIRUSTOTAL_QUOTA_PER_MONTH: 'none',
};

/** Secrets Manager's answer with a value. */
export const secretOf = (SecretString: string) =>
  json(200, { ARN, Name: 'virustotal', SecretString });

/** Loads the handler of an operation's function. */
async function loadHandler(name: string): Promise<LambdaHandler> {
  const operation = operations.find((each) => each.name === name);
  if (!operation) throw new Error(`the catalogue has no operation ${name}`);
  const path = `functions/${operation.stem}.ts`;
  if (!existsSync(join(root, path))) throw new Error(`${name} has no function: ${path}`);
  const { handler } = await loadFunction<{ readonly handler: LambdaHandler }>(operation.stem);
  return handler;
}

/** Names of the operations. */
export const names: readonly string[] = operations.map(({ name }) => name);

/** A function and what is around it. */
export interface RunningFunction {
  readonly simulator: Simulator;
  /** Plays Secrets Manager. */
  readonly secrets: Upstream;
  readonly engines: Engines;
  readonly table: Table;
  /** Requests to VirusTotal so far, as `GET /files/...`. */
  asked(): string[];
  /** @param leftMs - time that Lambda leaves, milliseconds */
  invoke(event: unknown, leftMs?: number): Promise<unknown>;
}

/** How it runs. */
export interface FunctionOptions {
  /** Further environment, or other. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly simulator?: SimulatorOptions;
  /** Secrets Manager's answers, the first while the function starts. @default the public key */
  readonly secrets?: readonly Reply[];
}

/** Starts the function of an operation; it ends with the test. */
export async function startFunction(
  name: string,
  options: FunctionOptions = {},
): Promise<RunningFunction> {
  withoutJitter();
  const simulator = await startSimulator(options.simulator);
  onTestFinished(() => simulator.close());
  const secrets = await startUpstream();
  onTestFinished(() => secrets[Symbol.asyncDispose]());
  secrets.script(...(options.secrets ?? [secretOf(PUBLIC_KEY)]));
  const engines = await startEngines(BUCKET);
  const table = await startTable();
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: engines.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    VIRUSTOTAL_API_KEY_SECRET_ARN: ARN,
    VIRUSTOTAL_SERVER_URL: simulator.url,
    UPLOAD_BUCKET: BUCKET,
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    STATE_TABLE: table.tableName,
    ...withoutQuota,
    // A test of VirusTotal's answers gets them from VirusTotal.
    VIRUSTOTAL_CACHE_HOURS: '0',
    ...options.environment,
  };
  // A function reads its environment once, when it is loaded.
  onTestFinished(setEnvironment(environment));
  const handler = await loadHandler(name);
  return {
    simulator,
    secrets,
    engines,
    table,
    asked: () => simulator.requests.map(lineOf),
    invoke: (event, leftMs) => handler(event, lambdaContext(leftMs, randomUUID())),
  };
}

const lineOf = ({ method, path, query }: RecordedRequest) =>
  `${method} ${path.replace('/api/v3', '')}${query && `?${query}`}`;
