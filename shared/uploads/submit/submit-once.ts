/**
 * Submits an uploaded object once, however often its event comes.
 *
 * The object's version is claimed before anything is sent; the receipt is kept for 24 hours, and later events
 * get it. When a file is sent again:
 *
 * - An attempt that fails releases its claim at once. The next one sends again only if the file cannot have
 *   arrived: it was not handed over whole, or VirusTotal refused it.
 * - After an attempt that may have delivered (killed, timed out, connection broken, HTTP 5xx), the digest is
 *   looked up. A known file is not sent again; an unknown one is not sent until `SHOWN_WITHIN_MS` after that
 *   upload began, because VirusTotal answers 404 while the first analysis runs.
 *
 * A claim keeps the digests of what its attempt has read, so that the next one, after a wait for the quota, say,
 * looks the file up at once and reads it only to send it.
 *
 * One window remains: an attempt delivered, ended before it stored the receipt, and VirusTotal does not show
 * the file for longer than that. The file is then sent twice, and VirusTotal merges the second upload into the
 * running analysis.
 */
import { ObjectChangedError } from '../../aws/s3/s3-errors.ts';
import type { HeldClaim } from '../../claims/claim.ts';
import { ClaimLostError, type Claims } from '../../claims/claims.ts';
import { CLOCK_SKEW_MS, type InvocationLimits, quotaCaller } from '../../limits.ts';
import { submitFileOutput } from '../../operations/submit-file/output.ts';
import type { UploadMode } from '../../schema/fields/upload-mode.ts';
import { sha256 } from '../../sha256.ts';
import { isVersion, type UploadedObject, whyEmpty } from '../events/uploaded-object.ts';
import { claimId, itemLabels } from '../state/object-ids.ts';
import { ClaimedAttempt } from './claimed-attempt.ts';
import { InDoubtError } from './look-up-first.ts';
import { EmptyObjectError, submit } from './submit-object.ts';
import type { SubmitServices } from './submit-request.ts';
import type { SubmitResult } from './submit-result-schema.ts';
import { inProgress, resultOf, skipped } from './submit-results.ts';

/** What submitting once needs. */
export interface OnceServices extends SubmitServices {
  readonly claims: Claims;
}

/** How to submit uploaded objects. */
export interface OncePolicy {
  readonly upload: UploadMode;
  /** With `if-unknown`: age from which a report is refreshed, days. */
  readonly maxReportAgeDays: number;
}

/** When to look up a file again that may have arrived, seconds. */
const LOOK_AGAIN_SECONDS = 60;

/**
 * Submits an uploaded object, unless an earlier event for the same version has done so.
 *
 * @throws the errors of `submitObject`; UpstreamUnavailableError or UpstreamTimeoutError if the state table
 * cannot be reached
 */
export async function submitOnce(
  services: OnceServices,
  policy: OncePolicy,
  object: UploadedObject,
  limits: InvocationLimits,
): Promise<SubmitResult> {
  const nowMs = (services.now ?? Date.now)();
  const request = {
    id: claimId(object),
    labels: itemLabels(object),
    requestId: limits.requestId,
    leaseUntil: limits.endsAt + CLOCK_SKEW_MS,
  };
  const answer = await services.claims.claim(request, limits);
  if (answer.status === 'done') {
    const receipt = { ...JSON.parse(answer.receipt), repeated: true };
    return { ...resultOf(object, 'duplicate'), receipt: submitFileOutput.parse(receipt) };
  }
  if (answer.status === 'held') {
    return inProgress(object, 'another invocation is submitting it', (answer.until - nowMs) / 1000);
  }
  // The same version finds its place in the line again, whichever event names it.
  const caller = quotaCaller('bulk', sha256(request.id));
  return submitClaimed(services, policy, object, answer.claim, { ...limits, caller });
}

async function submitClaimed(
  services: OnceServices,
  policy: OncePolicy,
  object: UploadedObject,
  claim: HeldClaim,
  limits: InvocationLimits,
): Promise<SubmitResult> {
  const attempt = new ClaimedAttempt(services, claim, object, limits);
  const { sendingSince } = claim;
  const request = { ...policy, ...whatToRead(object), progress: attempt, sendingSince };
  try {
    const { kind, output, reason = null } = await submit(services, request, limits);
    await attempt.keepReceipt(output, kind === 'submitted');
    return { ...resultOf(object, kind), reason, receipt: output };
  } catch (error) {
    await attempt.release(error);
    return toResult(error, object);
  }
}

/** Returns the address; an object that can be replaced is only read while it has the event's ETag. */
function whatToRead(object: UploadedObject) {
  const { bucket, key, versionId, etag, size } = object;
  return {
    address: { bucket, key, versionId: versionId ?? undefined },
    etag: isVersion(versionId) || etag === null ? undefined : `"${etag}"`,
    // What S3 returns decides whether an object is empty.
    size: size || undefined,
  };
}

/**
 * Turns errors that are really results (claim lost, in doubt, replaced, empty) into one; rethrows the rest.
 */
function toResult(error: unknown, object: UploadedObject): SubmitResult {
  if (error instanceof ClaimLostError) {
    return inProgress(object, 'another invocation has taken it over', LOOK_AGAIN_SECONDS);
  }
  if (error instanceof InDoubtError) {
    const reason = 'it may have been sent already, but VirusTotal does not show it yet';
    return inProgress(object, reason, LOOK_AGAIN_SECONDS);
  }
  if (error instanceof ObjectChangedError) {
    return skipped(object, 'it was replaced; the newer object has its own event');
  }
  if (error instanceof EmptyObjectError) return skipped(object, whyEmpty(object));
  throw error;
}
