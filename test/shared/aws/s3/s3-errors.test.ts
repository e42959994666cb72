/** One table: what a failure of S3 means, whether it was to read, tag, copy, delete or write. */
import { describe, expect, it } from 'vitest';
import {
  refusalOf,
  translateReadError,
  translateWriteError,
} from '../../../../shared/aws/s3/s3-errors.ts';

const address = { bucket: 'b', key: 'k' };
const { signal } = new AbortController();

function failure(code: string, httpStatusCode: number): Error {
  return Object.assign(new Error('no'), { name: code, $metadata: { httpStatusCode } });
}

const passing: readonly (readonly [number, string])[] = [
  [400, 'KMS.ThrottlingException'],
  [403, 'KMS.ThrottlingException'],
  [400, 'KMS.LimitExceededException'],
  [500, 'KMS.KMSInternalException'],
  [400, 'KMS.KMSInternalException'],
  [503, 'KMS.DependencyTimeoutException'],
  [400, 'KMS.DependencyTimeoutException'],
  [500, 'KMS.KeyUnavailableException'],
  [400, 'KMS.KeyUnavailableException'],
  [400, 'KMS.SomethingNewException'],
  // A status of 500 says more than the code.
  [500, 'KMS.DisabledException'],
  [503, 'KMS.AccessDeniedException'],
  [503, 'SlowDown'],
  [400, 'SlowDown'],
  [400, 'ThrottlingException'],
  [400, 'Throttling'],
  [429, 'TooManyRequests'],
  [400, 'RequestTimeout'],
  [400, 'ExpiredToken'],
  [403, 'ExpiredTokenException'],
  [400, 'TokenRefreshRequired'],
  [403, 'RequestTimeTooSkewed'],
  [500, 'AccessDenied'],
];

const denied: readonly (readonly [number, string])[] = [
  [400, 'KMS.DisabledException'],
  [400, 'KMS.NotFoundException'],
  [404, 'KMS.NotFoundException'],
  [400, 'KMS.KMSInvalidStateException'],
  [400, 'KMS.InvalidKeyUsageException'],
  [403, 'KMS.AccessDeniedException'],
  [403, 'KMS.OptInRequired'],
  [400, 'InvalidRequest'],
  [403, 'AccessDenied'],
  [403, 'InvalidObjectState'],
  [403, 'Unknown'],
];

describe.each(passing)('%i %s may pass', (status, code) => {
  const error = failure(code, status);

  it('when an object is read or copied', () => {
    expect(translateReadError(error, address, signal)).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `could not read s3://b/k (${code}); try again`,
    });
  });

  it('when an object is tagged or deleted, or a report is written', () => {
    expect(refusalOf(error)).toBeNull();
    expect(translateWriteError(error, 'write the report', signal)).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `could not write the report (${code}); try again`,
    });
  });
});

describe.each(denied)('%i %s is a denial', (status, code) => {
  const error = failure(code, status);

  it('when an object is read or copied', () => {
    expect(translateReadError(error, address, signal).name).toBe('ObjectAccessDeniedError');
  });

  it('when an object is tagged or deleted, or a report is written', () => {
    expect(refusalOf(error)).toBe('denied');
    expect(translateWriteError(error, 'write the report', signal)).toMatchObject({
      name: 'ObjectAccessDeniedError',
      message: `could not write the report (${code})`,
    });
  });
});

describe('refusals of other kinds', () => {
  it.each([
    [404, 'NoSuchKey', 'gone', 'ObjectNotFoundError'],
    [405, 'MethodNotAllowed', 'gone', 'ObjectNotFoundError'],
    [412, 'PreconditionFailed', 'changed', 'UpstreamUnavailableError'],
    // What S3 refuses about the tags is a denial, what it refuses about a read is the caller's fault.
    [400, 'InvalidTag', 'denied', 'UpstreamError'],
    [400, 'KeyTooLongError', 'denied', 'InvalidInputError'],
    [409, 'OperationAborted', null, 'UpstreamError'],
  ] as const)('%i %s', (status, code, refusal, name) => {
    const error = failure(code, status);
    expect(refusalOf(error)).toBe(refusal);
    expect(translateReadError(error, address, signal).name).toBe(name);
  });
});
