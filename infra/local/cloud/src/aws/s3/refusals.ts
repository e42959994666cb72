/** S3's errors, in its words (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
import { AwsRefusal } from '../http/refusal.ts';

/** An error of S3, with status 400 by default. */
export function refuse(code: string, message: string, status = 400): AwsRefusal {
  return new AwsRefusal(code, message, status);
}

/** The key does not exist, or its newest version is a delete marker. */
export function noSuchKey(): AwsRefusal {
  return refuse('NoSuchKey', 'The specified key does not exist.', 404);
}

/** A condition of the request does not hold. */
export function preconditionFailed(): AwsRefusal {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return refuse('PreconditionFailed', message, 412);
}

/** The body is not the XML document that the operation takes. */
export function malformedXml(): AwsRefusal {
  const message = 'The XML you provided was not well-formed or did not validate.';
  return refuse('MalformedXML', message);
}

/** The local S3 does not support this. */
export function notImplemented(what: string): AwsRefusal {
  return refuse('NotImplemented', `The local S3 does not support ${what}.`, 501);
}
