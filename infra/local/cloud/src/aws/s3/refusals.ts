/** S3's errors, in its words (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
import { AwsRefusal } from '../refusal.ts';

/** An error of S3, status 400 unless said otherwise. */
export function refuse(code: string, message: string, status = 400): AwsRefusal {
  return new AwsRefusal(code, message, status);
}

/** There is no such bucket. */
export function noSuchBucket(): AwsRefusal {
  return refuse('NoSuchBucket', 'The specified bucket does not exist', 404);
}

/** There is no such key, or its newest version is a delete marker. */
export function noSuchKey(): AwsRefusal {
  return refuse('NoSuchKey', 'The specified key does not exist.', 404);
}

/** The key has no such version. */
export function noSuchVersion(): AwsRefusal {
  return refuse('NoSuchVersion', 'The specified version does not exist.', 404);
}

/** There is no such multipart upload, or no more. */
export function noSuchUpload(): AwsRefusal {
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  return refuse('NoSuchUpload', message, 404);
}

/** A condition of the request does not hold. */
export function preconditionFailed(): AwsRefusal {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return refuse('PreconditionFailed', message, 412);
}

/** The key is longer than S3 allows. */
export function keyTooLong(size: number, limit: number): AwsRefusal {
  return refuse('KeyTooLongError', `Your key is too long: ${size} bytes, at most ${limit}.`);
}

/** The local run does not serve this. */
export function notImplemented(what: string): AwsRefusal {
  return refuse('NotImplemented', `The local S3 does not serve ${what}.`, 501);
}
