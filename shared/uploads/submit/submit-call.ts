/**
 * Submits an object for a call: once for each version, as for an event, except that a receipt counts for 15 minutes
 * only, and not for a call that says `upload: "always"` itself.
 */
import { describeObject } from '../../aws/s3/object-address.ts';
import type { StoredObject } from '../../aws/s3/stored-object.ts';
import { type HeldClaim, LAST_WRITE_MS } from '../../claims/claim.ts';
import { type CallServices, claimForCall } from '../../claims/claim-for-call.ts';
import { ClaimLostError, type Claims } from '../../claims/claims.ts';
import { UpstreamUnavailableError } from '../../errors.ts';
import type { InvocationLimits } from '../../limits.ts';
import { logger } from '../../logger.ts';
import { type SubmitFileOutput, submitFileOutput } from '../../operations/submit-file/output.ts';
import type { UploadMode } from '../../schema/fields/upload-mode.ts';
import type { UploadedObject } from '../events/uploaded-object.ts';
import { claimId, itemLabels } from '../state/object-ids.ts';
import { ClaimedAttempt } from './claimed-attempt.ts';
import { InDoubtError } from './look-up-first.ts';
import type { ObjectSource } from './object-source.ts';
import { sourceOf, submitFrom } from './submit-object.ts';
import type { SubmitRequest, SubmitServices } from './submit-request.ts';

/** What the submission of a call needs. */
export interface CallSubmitServices extends SubmitServices, CallServices {
  readonly claims: Claims;
}

/** A submission that a call asks for. */
export interface CallRequest extends SubmitRequest {
  /** What the call itself says; undefined if it says nothing. */
  readonly requested: UploadMode | undefined;
}

/**
 * Submits one object and returns the operation's output.
 *
 * @throws the errors of `submit`, with names; UpstreamUnavailableError if another call submits the same for too long
 */
export async function submitCall(
  services: CallSubmitServices,
  request: CallRequest,
  limits: InvocationLimits,
): Promise<SubmitFileOutput> {
  const source = sourceOf(services, request, limits);
  try {
    if (request.upload === 'never') {
      return (await submitFrom(services, request, source, limits)).output;
    }
    const object = uploadedObject(await source.describe());
    return request.requested === 'always'
      ? await submitRegardless(services, request, source, object, limits)
      : await submitOnceForCall(services, request, source, object, limits);
  } finally {
    source.close();
  }
}

/** Submits, and leaves the receipt for later calls that do not insist. */
async function submitRegardless(
  services: CallSubmitServices,
  request: CallRequest,
  source: ObjectSource,
  object: UploadedObject,
  limits: InvocationLimits,
): Promise<SubmitFileOutput> {
  const { kind, output } = await submitFrom(services, request, source, limits);
  const receipt = { text: JSON.stringify(output), isSubmission: true };
  const soon = { deadline: Date.now() + LAST_WRITE_MS };
  if (kind === 'submitted') {
    await services.claims.leave(claimId(object), receipt, soon).catch((error: unknown) => {
      logger.warn('could not leave receipt', { error });
    });
  }
  return output;
}

async function submitOnceForCall(
  services: CallSubmitServices,
  request: CallRequest,
  source: ObjectSource,
  object: UploadedObject,
  limits: InvocationLimits,
): Promise<SubmitFileOutput> {
  const id = claimId(object);
  const answer = await claimForCall(services, { id, labels: itemLabels(object) }, limits);
  if (answer.status === 'done') {
    return submitFileOutput.parse({ ...JSON.parse(answer.receipt), repeated: true });
  }
  if (answer.status === 'unclaimed') {
    return (await submitFrom(services, request, source, limits)).output;
  }
  return submitClaimed(services, request, source, { object, claim: answer.claim }, limits);
}

async function submitClaimed(
  services: CallSubmitServices,
  request: CallRequest,
  source: ObjectSource,
  { object, claim }: { readonly object: UploadedObject; readonly claim: HeldClaim },
  limits: InvocationLimits,
): Promise<SubmitFileOutput> {
  const progress = new ClaimedAttempt(services, claim, object, limits);
  const claimed = { ...request, progress, sendingSince: claim.sendingSince };
  try {
    const { kind, output } = await submitFrom(services, claimed, source, limits);
    // A report is no submission: the next call may ask for one.
    await (kind === 'submitted' ? progress.keepReceipt(output, true) : progress.settle());
    return output;
  } catch (error) {
    await progress.release(error);
    throw withName(error, request);
  }
}

/** Names the errors that are results for an event. */
function withName(error: unknown, { address }: CallRequest): unknown {
  const object = describeObject(address);
  if (error instanceof ClaimLostError) {
    return new UpstreamUnavailableError(`another call is submitting ${object}; try again`);
  }
  if (!(error instanceof InDoubtError)) return error;
  return new UpstreamUnavailableError(
    `an earlier call may have sent ${object}, but VirusTotal does not show it yet; try again in a minute, or send it regardless with upload "always"`,
  );
}

/** An object as its event would describe it. Without a version, the time of its upload tells it from its twins. */
function uploadedObject({ address, etag, size, modified }: StoredObject): UploadedObject {
  const { bucket, key, versionId = null } = address;
  const sequencer = modified === undefined ? null : `modified-${modified}`;
  return { bucket, key, versionId, etag: etag?.replaceAll('"', '') ?? null, size, sequencer };
}
