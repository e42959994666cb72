/**
 * Submits an uploaded object once, however often its event comes.
 *
 * The object's version is claimed before anything is sent; the receipt is kept 24 hours, and whoever
 * comes later is given it. What is not sent twice, and when:
 *
 * - An attempt that fails gives the claim back at once. The next one sends again only when the file cannot
 *   have arrived: it was not handed over whole, or VirusTotal refused it.
 * - After an attempt that may have delivered (killed, timed out, connection broken, HTTP 5xx), VirusTotal is
 *   asked by the digest. A file that it has is not sent again; one that it does not show is waited for until
 *   `SHOWN_WITHIN_MS` after its sending began, because the first analysis answers 404 while it runs.
 *
 * The window that remains: an attempt delivered, ended before it could store the receipt, and VirusTotal
 * does not show the file for longer than that. It is sent a second time then, and VirusTotal merges it
 * into the analysis that runs.
 */

import { ConnectorError } from '../../errors.ts';
import type { EventLimits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import { submitFileOutput } from '../../operations/submit-file/output.ts';
import type { UploadMode } from '../../schema/fields/upload-mode.ts';
import { type UploadedObject, whyEmpty } from '../events/uploaded-object.ts';
import type { Claims, HeldClaim } from '../state/claims.ts';
import { ClaimLostError } from '../state/state-errors.ts';
import { ObjectChangedError } from './s3-errors.ts';
import {
  EmptyObjectError,
  InDoubtError,
  type SubmitServices,
  submit,
  type UploadProgress,
} from './submit-object.ts';
import type { SubmitResult } from './submit-result-schema.ts';
import { inProgress, resultOf, skipped } from './submit-results.ts';
import { addressOf, claimRequest } from './uploaded-version.ts';

/** What submitting once works with. */
export interface OnceServices extends SubmitServices {
  readonly claims: Claims;
}

/** How uploaded objects are submitted. */
export interface OncePolicy {
  readonly upload: UploadMode;
  /** With `if-unknown`: age from which a report is analysed anew, days. */
  readonly maxReportAgeDays: number;
}

/** How soon VirusTotal is asked again for a file that may have arrived, seconds. */
const LOOK_AGAIN_SECONDS = 60;

/** Time for the claim's last word after the submission has ended, milliseconds. */
const LAST_WORD_MS = 1_500;

/**
 * Submits an uploaded object, unless an earlier event for the same version has done it.
 *
 * @param services - where it is read, sent and claimed
 * @param policy - how
 * @param object - from its event
 * @param limits - the invocation's limits
 * @throws whatever `submitObject` throws, and UpstreamUnavailableError or UpstreamTimeoutError when the
 * state table cannot be asked
 */
export async function submitOnce(
  services: OnceServices,
  policy: OncePolicy,
  object: UploadedObject,
  limits: EventLimits,
): Promise<SubmitResult> {
  const nowMs = (services.now ?? Date.now)();
  const answer = await services.claims.claim(claimRequest(object, limits), limits);
  if (answer.status === 'done') {
    const receipt = submitFileOutput.parse(JSON.parse(answer.receipt));
    return { ...resultOf(object, 'duplicate'), receipt };
  }
  if (answer.status === 'held') {
    return inProgress(object, 'another invocation is submitting it', (answer.until - nowMs) / 1000);
  }
  return submitClaimed(services, policy, object, answer.claim, limits);
}

async function submitClaimed(
  services: OnceServices,
  policy: OncePolicy,
  object: UploadedObject,
  claim: HeldClaim,
  limits: EventLimits,
): Promise<SubmitResult> {
  const { claims } = services;
  const sending: UploadProgress & { hasBegun: boolean } = {
    hasBegun: false,
    isHandedOver: false,
    async begin() {
      await claims.beginSending(claim, limits);
      this.hasBegun = true;
    },
  };
  const submission = { ...policy, ...addressOf(object), sending, sendingSince: claim.sendingSince };
  try {
    const { outcome, output } = await submit(services, submission, limits);
    await keepReceipt(claims, claim, output);
    return { ...resultOf(object, outcome), receipt: output };
  } catch (error) {
    // An earlier attempt's doubt stays until this one has begun to send, which settles it.
    const isInDoubt = sending.hasBegun
      ? mayHaveArrived(sending, error)
      : claim.sendingSince !== null;
    await giveBack(claims, claim, isInDoubt);
    return insteadOf(error, object);
  }
}

/** What a failure means that is none. */
function insteadOf(error: unknown, object: UploadedObject): SubmitResult {
  if (error instanceof ClaimLostError) {
    return inProgress(object, 'another invocation has taken it over', LOOK_AGAIN_SECONDS);
  }
  if (error instanceof InDoubtError) {
    const reason = 'it may have been sent already, and VirusTotal does not show it yet';
    return inProgress(object, reason, LOOK_AGAIN_SECONDS);
  }
  if (error instanceof ObjectChangedError) {
    return skipped(object, 'it was replaced; the newer object has an event of its own');
  }
  // The event did not tell its size.
  if (error instanceof EmptyObjectError) return skipped(object, whyEmpty(object));
  throw error;
}

/** Errors by which VirusTotal says that it has not taken what was sent. */
const refusals: readonly string[] = [
  'QuotaExceededError',
  'InvalidInputError',
  'ObjectTooLargeError',
  'ApiKeyError',
  'ForbiddenByVirusTotalError',
] satisfies ConnectorError['name'][];

function mayHaveArrived({ isHandedOver }: UploadProgress, error: unknown): boolean {
  return isHandedOver && !(error instanceof ConnectorError && refusals.includes(error.name));
}

/** The file is submitted, whatever becomes of its receipt: a later event would ask VirusTotal first. */
async function keepReceipt(claims: Claims, claim: HeldClaim, receipt: object): Promise<void> {
  await claims.complete(claim, JSON.stringify(receipt), lastWord()).catch((error: unknown) => {
    logger.error('the receipt could not be stored', { error });
  });
}

/** What the submission ended with is what the caller must see; the claim's lease ends by itself. */
async function giveBack(claims: Claims, claim: HeldClaim, isInDoubt: boolean): Promise<void> {
  await claims.release(claim, isInDoubt, lastWord()).catch((error: unknown) => {
    logger.error('the claim could not be given back', { error });
  });
}

function lastWord() {
  return { deadline: Date.now() + LAST_WORD_MS };
}
