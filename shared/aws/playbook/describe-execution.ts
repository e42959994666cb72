/** Looks up executions, whose description is eventually consistent. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { type Limits, signalFor } from '../../limits.ts';
import { awsFailure } from '../aws-errors.ts';
import { translateExecutionError } from './execution-errors.ts';

/** An execution as Step Functions describes it; undefined if it does not show it. */
export type Description = DescribeExecutionCommandOutput | undefined;

/** Pauses between looks at an execution that may have changed a moment ago, milliseconds. */
const PAUSES_MS: readonly number[] = [200, 500, 1_000];

/** Time that a lookup takes, milliseconds; it is not repeated with less left. */
const LOOK_MS = 1_000;

/** Which execution, and what it should look like. */
export interface ExecutionLookup {
  readonly executionArn: string;
  /** What the lookup is for, as in `look up the submission`. */
  readonly action: string;
  /** Whether a description may be out of date, so that it is worth another look within 2 s. */
  readonly mayBeStale: (description: Description) => boolean;
}

/**
 * Describes an execution.
 *
 * @throws UpstreamError, UpstreamUnavailableError, UpstreamTimeoutError
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 */
export async function describeExecution(
  client: SFNClient,
  lookup: ExecutionLookup,
  limits: Limits,
): Promise<Description> {
  for (const pauseMs of PAUSES_MS) {
    const description = await describeOnce(client, lookup, limits);
    const isTime = limits.deadline - Date.now() > pauseMs + LOOK_MS;
    if (!isTime || !lookup.mayBeStale(description)) return description;
    await sleep(pauseMs);
  }
  return describeOnce(client, lookup, limits);
}

async function describeOnce(
  client: SFNClient,
  { executionArn, action }: ExecutionLookup,
  limits: Limits,
): Promise<Description> {
  const abortSignal = signalFor(limits);
  try {
    return await client.send(new DescribeExecutionCommand({ executionArn }), { abortSignal });
  } catch (error) {
    if (awsFailure(error).code === 'ExecutionDoesNotExist') return undefined;
    throw translateExecutionError(error, action, abortSignal);
  }
}
