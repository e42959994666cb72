/**
 * Which operation a request is. One whose query or headers ask for anything that is not listed here
 * is refused, so that `?acl` or `?retention` is never taken for a read or a write of the object.
 */
import type { S3Call } from './call.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from './operations/buckets.ts';
import { copyObject } from './operations/copy-object.ts';
import { deleteObject, deleteObjects } from './operations/delete-objects.ts';
import { getObject } from './operations/get-object.ts';
import { listObjects, listObjectsV2, listObjectVersions } from './operations/list-objects.ts';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPart,
  uploadPartCopy,
} from './operations/multipart.ts';
import { putObject } from './operations/put-object.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './operations/tagging.ts';
import { notImplemented } from './refusals.ts';

type Handler = (call: S3Call) => void | Promise<void>;

/** An operation. */
interface Operation {
  /** Method, what it is for, and the query parameters that make it this operation. */
  readonly when: readonly [string, 'service' | 'bucket' | 'object', ...string[]];
  /** Other query parameters that it takes. */
  readonly takes?: readonly string[];
  /** For requests with `x-amz-copy-source`. */
  readonly isCopy?: boolean;
  readonly handle: Handler;
}

const LISTING = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

/** Of several that fit, the last one counts. */
const OPERATIONS: readonly Operation[] = [
  { when: ['GET', 'service'], handle: listBuckets },
  { when: ['PUT', 'bucket'], handle: createBucket },
  { when: ['HEAD', 'bucket'], handle: headBucket },
  { when: ['DELETE', 'bucket'], handle: deleteBucket },
  { when: ['GET', 'bucket'], takes: [...LISTING, 'marker'], handle: listObjects },
  {
    when: ['GET', 'bucket', 'list-type'],
    takes: [...LISTING, 'continuation-token', 'start-after', 'fetch-owner'],
    handle: listObjectsV2,
  },
  {
    when: ['GET', 'bucket', 'versions'],
    takes: [...LISTING, 'key-marker', 'version-id-marker'],
    handle: listObjectVersions,
  },
  { when: ['GET', 'bucket', 'location'], handle: getBucketLocation },
  { when: ['GET', 'bucket', 'versioning'], handle: getBucketVersioning },
  { when: ['PUT', 'bucket', 'versioning'], handle: putBucketVersioning },
  { when: ['POST', 'bucket', 'delete'], handle: deleteObjects },
  { when: ['GET', 'object'], takes: ['versionId', 'partNumber'], handle: getObject },
  { when: ['HEAD', 'object'], takes: ['versionId'], handle: getObject },
  { when: ['PUT', 'object'], handle: putObject },
  { when: ['PUT', 'object'], isCopy: true, handle: copyObject },
  { when: ['DELETE', 'object'], takes: ['versionId'], handle: deleteObject },
  { when: ['GET', 'object', 'tagging'], takes: ['versionId'], handle: getObjectTagging },
  { when: ['PUT', 'object', 'tagging'], takes: ['versionId'], handle: putObjectTagging },
  { when: ['DELETE', 'object', 'tagging'], takes: ['versionId'], handle: deleteObjectTagging },
  { when: ['POST', 'object', 'uploads'], handle: createMultipartUpload },
  { when: ['PUT', 'object', 'uploadId', 'partNumber'], handle: uploadPart },
  { when: ['PUT', 'object', 'uploadId', 'partNumber'], isCopy: true, handle: uploadPartCopy },
  { when: ['POST', 'object', 'uploadId'], handle: completeMultipartUpload },
  { when: ['DELETE', 'object', 'uploadId'], handle: abortMultipartUpload },
];

/** The operation that a request asks for. @throws AwsRefusal `NotImplemented` */
export function operationOf(call: S3Call): Handler {
  const { headers, method = '' } = call.request;
  const scope = call.key ? 'object' : call.bucket ? 'bucket' : 'service';
  const isCopy = headers['x-amz-copy-source'] !== undefined;
  const names = [...new Set(call.query.keys())].filter((name) => !isOfSdk(name));
  const operation = OPERATIONS.findLast(
    ({ when: [verb, on, ...needed], isCopy: copies = false }) =>
      verb === method &&
      on === scope &&
      copies === isCopy &&
      needed.every((name) => names.includes(name)),
  );
  const known = [...(operation?.when.slice(2) ?? []), ...(operation?.takes ?? [])];
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) throw notImplemented(`the query parameter ${strange} in ${method}`);
  if (!operation) throw notImplemented(`${method} of this`);
  const header = Object.keys(headers).find((name) => REFUSED_HEADERS.test(name));
  if (header) throw notImplemented(`the header ${header}`);
  return operation.handle;
}

/** `x-id` is the SDK's name of the operation, the others are of presigned URLs. */
function isOfSdk(name: string): boolean {
  return (
    name === 'x-id' ||
    /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256|sdk-checksum-algorithm)$/i.test(
      name,
    )
  );
}

/** They would change what the object is or who may read it. */
const REFUSED_HEADERS =
  /^x-amz-(?:acl|bucket-object-lock-enabled|grant-.*|object-lock-.*|bypass-governance-retention|server-side-encryption-customer-.*|copy-source-server-side-encryption-.*|website-redirect-location|write-offset-bytes|rename-source.*)$/;
