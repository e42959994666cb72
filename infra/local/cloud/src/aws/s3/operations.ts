/**
 * Finds the operation that a request asks for. Refuses queries and headers that are not listed here,
 * so that `?acl` or `?retention` is never mistaken for a read or a write of the object.
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

/** Method, scope and required query parameters; then the handler and optional query parameters. */
type Operation = readonly [when: string, handle: Handler, optional?: readonly string[]];

const LISTING = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

/** Of several that match, the last one counts. COPY is a PUT with `x-amz-copy-source`. */
const OPERATIONS: readonly Operation[] = [
  ['GET service', listBuckets],
  ['PUT bucket', createBucket],
  ['HEAD bucket', headBucket],
  ['DELETE bucket', deleteBucket],
  ['GET bucket', listObjects, [...LISTING, 'marker']],
  [
    'GET bucket ?list-type',
    listObjectsV2,
    [...LISTING, 'continuation-token', 'start-after', 'fetch-owner'],
  ],
  ['GET bucket ?versions', listObjectVersions, [...LISTING, 'key-marker', 'version-id-marker']],
  ['GET bucket ?location', getBucketLocation],
  ['GET bucket ?versioning', getBucketVersioning],
  ['PUT bucket ?versioning', putBucketVersioning],
  ['POST bucket ?delete', deleteObjects],
  ['GET object', getObject, ['versionId', 'partNumber']],
  ['HEAD object', getObject, ['versionId']],
  ['PUT object', putObject],
  ['COPY object', copyObject],
  ['DELETE object', deleteObject, ['versionId']],
  ['GET object ?tagging', getObjectTagging, ['versionId']],
  ['PUT object ?tagging', putObjectTagging, ['versionId']],
  ['DELETE object ?tagging', deleteObjectTagging, ['versionId']],
  ['POST object ?uploads', createMultipartUpload],
  ['PUT object ?uploadId ?partNumber', uploadPart],
  ['COPY object ?uploadId ?partNumber', uploadPartCopy],
  ['POST object ?uploadId', completeMultipartUpload],
  ['DELETE object ?uploadId', abortMultipartUpload],
];

/** The operation that a request asks for. @throws AwsRefusal `NotImplemented` */
export function operationOf(call: S3Call): Handler {
  const { headers, method } = call.request;
  const isCopy = method === 'PUT' && headers['x-amz-copy-source'] !== undefined;
  const verb = isCopy ? 'COPY' : method;
  const scope = call.key ? 'object' : call.bucket ? 'bucket' : 'service';
  const isForm = headers['content-type']?.startsWith('multipart/form-data');
  if (isForm && verb === 'POST' && scope === 'bucket') {
    throw notImplemented('uploads by HTML form (presigned POST), only presigned PUT');
  }
  const names = [...new Set(call.query.keys())].filter((name) => !isOfSdk(name));
  const traits = [verb, scope, ...names.map((name) => `?${name}`)];
  const [when = '', handle, optional = []] =
    OPERATIONS.findLast(([conditions]) =>
      conditions.split(' ').every((condition) => traits.includes(condition)),
    ) ?? [];
  const known = [...when.split(' '), ...optional.map((name) => `?${name}`)];
  const unknown = names.find((name) => !known.includes(`?${name}`));
  if (unknown !== undefined) {
    throw notImplemented(`the query parameter ${unknown} of ${verb} ${scope}`);
  }
  if (!handle) throw notImplemented(`${verb} ${scope}`);
  const header = Object.keys(headers).find((name) => REFUSED_HEADERS.test(name));
  if (header) throw notImplemented(`the header ${header}`);
  return handle;
}

/** `x-id` is the SDK's name for the operation; the others belong to presigned URLs. */
function isOfSdk(name: string): boolean {
  return (
    name === 'x-id' ||
    /^(?:AWSAccessKeyId|Signature|Expires)$/.test(name) ||
    /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256|sdk-checksum-algorithm)$/i.test(
      name,
    )
  );
}

/** Headers that would change what the object is or who may read it. */
const REFUSED_HEADERS =
  /^x-amz-(?:acl|bucket-object-lock-enabled|grant-.*|object-lock-.*|bypass-governance-retention|server-side-encryption-customer-.*|copy-source-server-side-encryption-.*|website-redirect-location|write-offset-bytes|rename-source.*)$/;
