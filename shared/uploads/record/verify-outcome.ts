/**
 * Verifies what `record-verdict` is asked to record: anyone who may invoke the function could otherwise release any
 * object. The execution that the input names must be one of `ScanUpload` with this very event as its input, and
 * it must be running; or, for the event of an ended execution, it must have ended so.
 */
import { isDeepStrictEqual } from 'node:util';
import { InvalidInputError, UpstreamUnavailableError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import { parseJson } from '../../schema/parse-json.ts';
import { quote } from '../../schema/quote.ts';
import type { EndedExecution, RecordVerdictInput } from './ended-execution.ts';
import type { ScanOutcomeInput } from './scan-outcome.ts';

/** An execution as Step Functions describes it. */
export interface ScanExecution {
  readonly status: string;
  /** JSON. */
  readonly input: string;
  readonly redriveCount: number;
  /** Name of the error with which it ended. */
  readonly error: string | null;
  readonly cause: string | null;
}

/** What verifying needs. */
export interface ExecutionServices {
  /** Beginning of the ARNs of all executions of `ScanUpload`. */
  readonly executionPrefix: string;
  /**
   * Describes an execution, and looks again for a moment until it is as expected.
   *
   * @returns undefined if Step Functions does not show it
   */
  describeScan(
    executionArn: string,
    isExpected: (execution: ScanExecution) => boolean,
    limits: Limits,
  ): Promise<ScanExecution | undefined>;
}

/**
 * Verifies an input.
 *
 * @returns the outcome to record; null if the execution was redriven since, and will record its own
 * @throws InvalidInputError if the execution says otherwise; UpstreamUnavailableError if Step Functions does not
 * show it (yet), and the errors of `describeScan`
 */
export async function verifyOutcome(
  services: ExecutionServices,
  input: RecordVerdictInput,
  limits: Limits,
): Promise<ScanOutcomeInput | null> {
  if ('detail' in input) return verifyEnded(services, input.detail, limits);
  const { execution: arn, event } = input;
  const isExpected = ({ status }: ScanExecution) => status === 'RUNNING';
  const execution = await find(services, arn, isExpected, limits);
  if (!isExpected(execution)) throw wrongStatus(arn, execution, 'RUNNING');
  checkEvent(arn, execution, event);
  return input;
}

async function verifyEnded(
  services: ExecutionServices,
  { executionArn: arn, status, input, redriveCount }: EndedExecution['detail'],
  limits: Limits,
): Promise<ScanOutcomeInput | null> {
  const isRedriven = (execution: ScanExecution) => execution.redriveCount > (redriveCount ?? 0);
  const isExpected = (execution: ScanExecution) =>
    execution.status === status || isRedriven(execution);
  const execution = await find(services, arn, isExpected, limits);
  if (isRedriven(execution)) {
    logger.info('outcome left to the redriven execution', { execution: arn });
    return null;
  }
  if (!isExpected(execution)) throw wrongStatus(arn, execution, status);
  if (input !== null) checkEvent(arn, execution, parseJson(input));
  return toFailure(arn, execution);
}

async function find(
  { executionPrefix, describeScan }: ExecutionServices,
  arn: string,
  isExpected: (execution: ScanExecution) => boolean,
  limits: Limits,
): Promise<ScanExecution> {
  if (!arn.startsWith(executionPrefix)) {
    throw new InvalidInputError(
      `execution: got ${quote(arn)}; allowed: the ARN of an execution of ScanUpload`,
    );
  }
  const execution = await describeScan(arn, isExpected, limits);
  if (execution) return execution;
  throw new UpstreamUnavailableError(
    `execution: Step Functions does not show ${nameOf(arn)}, or not yet; try again`,
  );
}

/** The execution's name, quoted; the rest of its ARN is always the same. */
const nameOf = (arn: string) => quote(arn.slice(arn.lastIndexOf(':') + 1));

function wrongStatus(arn: string, { status }: ScanExecution, allowed: string): InvalidInputError {
  return new InvalidInputError(
    `execution: got ${nameOf(arn)}, which is ${status}; allowed: one that is ${allowed}`,
  );
}

function checkEvent(arn: string, { input }: ScanExecution, event: unknown): void {
  if (isDeepStrictEqual(parseJson(input), event)) return;
  throw new InvalidInputError(
    `event: got another than the input of the execution ${nameOf(arn)}; allowed: the event that started it`,
  );
}

/** The outcome of an execution that ended without recording one. */
function toFailure(arn: string, execution: ScanExecution): ScanOutcomeInput {
  const { input, status, error, cause } = execution;
  return {
    event: parseJson(input) ?? null,
    outcome: 'failed',
    reason: null,
    scan_id: null,
    receipt: null,
    report: null,
    error: { name: error || status, message: cause || `the execution ended as ${status}` },
    execution: arn,
  };
}
