/** Submits for a call what needs no reading: once in 15 minutes, unless the call insists. */
import { ConnectorError } from '../errors.ts';
import type { InvocationLimits } from '../limits.ts';
import { logger } from '../logger.ts';
import { NotAcceptedError } from '../virustotal/failures.ts';
import { type HeldClaim, LAST_WRITE_MS } from './claim.ts';
import { type CallServices, claimForCall } from './claim-for-call.ts';
import type { Claims } from './claims.ts';

/** What is submitted. */
export interface CallSubmission<Output> {
  /** Key of the item. */
  readonly id: string;
  /** Whether it is submitted although it has been a moment ago. */
  readonly isForced: boolean;
  /**
   * Submits.
   *
   * @param sendingSince - when an earlier call began to submit the same, whose answer was lost, epoch milliseconds
   */
  submit(sendingSince: number | null): Promise<Output>;
  /** Reads the output in a receipt. */
  parse(receipt: object): Output;
}

/** Submits, or returns the output of the call that has submitted the same in the last 15 minutes. */
export async function submitForCall<Output extends object>(
  services: CallServices & { readonly claims: Claims },
  submission: CallSubmission<Output>,
  limits: InvocationLimits,
): Promise<Output> {
  const { id, isForced } = submission;
  const { claims } = services;
  if (isForced) {
    const output = await submission.submit(null);
    await tried('leave receipt', claims.leave(id, receiptOf(output), soon()));
    return output;
  }
  const answer = await claimForCall(services, { id, labels: {} }, limits);
  if (answer.status === 'done') return submission.parse(JSON.parse(answer.receipt));
  if (answer.status === 'unclaimed') return submission.submit(null);
  return submitClaimed(claims, submission, answer.claim, limits);
}

async function submitClaimed<Output extends object>(
  claims: Claims,
  submission: CallSubmission<Output>,
  claim: HeldClaim,
  limits: InvocationLimits,
): Promise<Output> {
  try {
    await claims.beginSending(claim, limits);
    const output = await submission.submit(claim.sendingSince);
    await tried('store receipt', claims.complete(claim, receiptOf(output), soon()));
    return output;
  } catch (error) {
    await tried('release claim', claims.release(claim, mayHaveArrived(error), soon()));
    throw error;
  }
}

/** Whether an error leaves open if VirusTotal has accepted a submission. */
function mayHaveArrived(error: unknown): boolean {
  if (!(error instanceof ConnectorError) || error instanceof NotAcceptedError) return false;
  return /^Upstream/.test(error.name);
}

const receiptOf = (output: object) => ({ text: JSON.stringify(output), isSubmission: true });
const soon = () => ({ deadline: Date.now() + LAST_WRITE_MS });

/** What was submitted stays so if the table is away. */
async function tried(action: string, write: Promise<void>): Promise<void> {
  await write.catch((error: unknown) => logger.error(`could not ${action}`, { error }));
}
