/** What S3 says of an object besides its content. */
import { HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { type Limits, signalFor } from '../../limits.ts';
import { inputFor, type ObjectAddress } from './object-address.ts';
import { translateReadError } from './s3-errors.ts';

/** An object, as S3 describes it. */
export interface StoredObject {
  /** Its address, with the version if it has one. */
  readonly address: ObjectAddress;
  /** Length, bytes. */
  readonly size: number;
  /** ETag, quoted. */
  readonly etag: string | undefined;
  /** When it was written, epoch milliseconds, in whole seconds. */
  readonly modified: number | undefined;
  /** SHA-256 of its content, which S3 has verified, lower-case hexadecimal; null if S3 keeps none. */
  readonly sha256: string | null;
  /** MD5 of its content, lower-case hexadecimal; null if the ETag is not one. */
  readonly md5: string | null;
}

/**
 * Asks S3 about an object; not a byte of it is read. Needs no permission besides those to read it.
 *
 * @param etag - only describe the object if its (quoted) ETag matches. @default any content
 * @returns null if S3 refuses: the answer to a HEAD has no body that says why, the one to a GET has
 * @throws UpstreamTimeoutError
 */
export async function describeStored(
  client: S3Client,
  address: ObjectAddress,
  limits: Limits,
  etag?: string,
): Promise<StoredObject | null> {
  const abortSignal = signalFor(limits);
  // The SDK would verify the checksum of a GET in JavaScript; a HEAD has nothing to verify.
  const input = { ...inputFor(address), IfMatch: etag, ChecksumMode: 'ENABLED' } as const;
  try {
    const answer = await client.send(new HeadObjectCommand(input), { abortSignal });
    // Other stores than AWS's may ignore the condition.
    return etag === undefined || etag === answer.ETag ? toStored(address, answer) : null;
  } catch (error) {
    if (abortSignal.aborted) throw translateReadError(error, address, abortSignal);
    return null;
  }
}

/** Reads the answer to a HEAD or to a GET; null if it does not say the length. */
export function toStored(
  address: ObjectAddress,
  answer: Omit<HeadObjectCommandOutput, 'Body'>,
): StoredObject | null {
  const { ContentLength: size, ETag: etag, VersionId, LastModified } = answer;
  if (size === undefined) return null;
  return {
    address: { ...address, versionId: VersionId ?? address.versionId },
    size,
    etag,
    modified: LastModified?.getTime(),
    sha256: sha256Of(answer),
    md5: md5Of(address, answer),
  };
}

/**
 * The checksum of an object that was uploaded in parts is one of its parts' checksums (`COMPOSITE`).
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
function sha256Of({
  ChecksumSHA256,
  ChecksumType,
}: Pick<HeadObjectCommandOutput, 'ChecksumSHA256' | 'ChecksumType'>): string | null {
  if (ChecksumType !== 'FULL_OBJECT' || !/^[\w+/]{43}=$/.test(ChecksumSHA256 ?? '')) return null;
  return Buffer.from(ChecksumSHA256 ?? '', 'base64').toString('hex');
}

/**
 * The ETag is the MD5 of the content unless the object was uploaded in parts, is encrypted with a key of KMS or of
 * the customer, or is in a directory bucket.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
function md5Of(
  { bucket }: ObjectAddress,
  answer: Pick<HeadObjectCommandOutput, 'ETag' | 'ServerSideEncryption' | 'SSECustomerAlgorithm'>,
): string | null {
  const { ETag = '', ServerSideEncryption = 'AES256', SSECustomerAlgorithm } = answer;
  const [, md5] = /^"([0-9a-f]{32})"$/.exec(ETag) ?? [];
  const isEncrypted = ServerSideEncryption !== 'AES256' || SSECustomerAlgorithm !== undefined;
  return md5 === undefined || isEncrypted || bucket.endsWith('--x-s3') ? null : md5;
}
