/** `submit_sample`: fills in the defaults, and has the object submitted. */
import { InvalidInputError } from '../../errors.ts';
import type { InvocationLimits } from '../../limits.ts';
import type { UploadMode } from '../../schema/fields/upload-mode.ts';
import type { SubmitFileAcceptedOutput } from './accepted-output.ts';
import type { SubmitFileRequest } from './input.ts';
import { submitFileAccepted } from './map.ts';
import type { SubmitFileOutput } from './output.ts';

/** The object to submit, and how. */
export interface ObjectSubmission {
  readonly address: {
    readonly bucket: string;
    readonly key: string;
    readonly versionId: string | undefined;
  };
  readonly upload: UploadMode;
  /** What the call itself says; undefined if it says nothing. */
  readonly requested: UploadMode | undefined;
  /** With `if-unknown`: reports older than this are renewed, days. */
  readonly maxReportAgeDays: number;
}

/** What the operation works with. */
export interface SubmitFileServices {
  /** Values for what a request leaves out. */
  readonly defaults: {
    readonly bucket: string | undefined;
    /** @default always */
    readonly upload: UploadMode | undefined;
    readonly maxReportAgeDays: number;
  };
  /** Submits an object. */
  submit(submission: ObjectSubmission, limits: InvocationLimits): Promise<SubmitFileOutput>;
  /** Submits an object within the time of an HTTP call, or returns the id of the submission that goes on. */
  submitOverHttp(
    submission: ObjectSubmission,
    limits: InvocationLimits,
  ): Promise<{ readonly output: SubmitFileOutput } | { readonly submissionId: string }>;
}

/** Answers `submit_sample` to a direct invocation. */
export async function answerSubmitFile(
  { defaults, submit }: SubmitFileServices,
  request: SubmitFileRequest,
  limits: InvocationLimits,
): Promise<SubmitFileOutput> {
  return submit(withDefaults(request, defaults), limits);
}

/** The output, or where it will be. */
type SubmitFileHttpAnswer =
  | { readonly output: SubmitFileOutput }
  | { readonly accepted: SubmitFileAcceptedOutput; readonly location: string };

/** Answers `submit_sample` over HTTP. */
export async function answerSubmitFileOverHttp(
  { defaults, submitOverHttp }: SubmitFileServices,
  request: SubmitFileRequest,
  limits: InvocationLimits,
): Promise<SubmitFileHttpAnswer> {
  const result = await submitOverHttp(withDefaults(request, defaults), limits);
  if ('output' in result) return { output: result.output };
  const id = result.submissionId;
  return { accepted: submitFileAccepted(id), location: `/submissions/${id}` };
}

function withDefaults(
  request: SubmitFileRequest,
  defaults: SubmitFileServices['defaults'],
): ObjectSubmission {
  const bucket = request.bucket ?? defaults.bucket;
  if (bucket === undefined) {
    throw new InvalidInputError(
      'bucket: got nothing; required, because no upload bucket is configured',
    );
  }
  return {
    address: { bucket, key: request.key, versionId: request.versionId },
    upload: request.upload ?? defaults.upload ?? 'always',
    requested: request.upload,
    maxReportAgeDays: request.maxReportAgeDays ?? defaults.maxReportAgeDays,
  };
}
