/** ListObjectsV2, ListObjects and ListObjectVersions. */
import { answerXml, type Content, element, optional } from '../../xml.ts';
import { bucketArn, bucketOfCall, type S3Call } from '../call.ts';
import { compareKeys, type Page, pageOf } from '../page.ts';
import { refuse } from '../refusals.ts';
import { type Bucket, isObject, type ObjectVersion, type Version } from '../state.ts';

/** Most items of one page, and the default. */
const MAX_KEYS = 1000;

/** ListObjectsV2. */
export function listObjectsV2(call: S3Call): void {
  const { query } = call;
  const token = query.get('continuation-token') ?? undefined;
  const after = token === undefined ? query.get('start-after') : fromToken(token);
  const page = pageOfObjects(call, after ?? '');
  const contents = [
    element('KeyCount', page.items.length + page.prefixes.length),
    optional('ContinuationToken', token),
    optional('NextContinuationToken', page.last && toToken(lastKey(page.last))),
    optional('StartAfter', encoded(call, query.get('start-after') ?? undefined)),
  ];
  answerObjects(call, page, contents);
}

/** ListObjects, the older one. */
export function listObjects(call: S3Call): void {
  const marker = call.query.get('marker') ?? '';
  const page = pageOfObjects(call, marker);
  const next = page.last && encoded(call, lastKey(page.last));
  answerObjects(call, page, [
    element('Marker', encoded(call, marker)),
    optional('NextMarker', next),
  ]);
}

/** ListObjectVersions. */
export function listObjectVersions(call: S3Call): void {
  const { note, query, response } = call;
  note('s3:ListBucketVersions', [bucketArn(call.bucket)]);
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('version-id-marker') ?? undefined;
  let isAtMarker = idMarker === undefined;
  const page = pageOf(sortedVersions(bucketOfCall(call)), {
    ...askedOf(call),
    after: keyMarker,
    isBefore({ key, id }) {
      const order = keyMarker === '' ? 1 : compareKeys(key, keyMarker);
      if (order !== 0 || idMarker === undefined) return order <= 0;
      const isBefore = !isAtMarker || id === idMarker;
      isAtMarker ||= id === idMarker;
      return isBefore;
    },
  });
  const last = page.last;
  const result = element(
    'ListVersionsResult',
    ...commonContents(call, page),
    element('KeyMarker', encoded(call, keyMarker)),
    optional('VersionIdMarker', idMarker),
    optional('NextKeyMarker', last && encoded(call, lastKey(last))),
    optional('NextVersionIdMarker', typeof last === 'object' ? last.id : undefined),
    ...page.items.map((version) => versionXml(call, version)),
  );
  answerXml(response, 200, result);
}

/** A version, with whether it is the one that its key stands for. */
interface ListedVersion extends Version {
  readonly isLatest: boolean;
}

function sortedVersions({ versions }: Bucket): ListedVersion[] {
  return [...versions]
    .toSorted(([left], [right]) => compareKeys(left, right))
    .flatMap(([, all]) => all.map((version, index) => ({ ...version, isLatest: index === 0 })));
}

function pageOfObjects(call: S3Call, after: string): Page<ObjectVersion> {
  call.note('s3:ListBucket', [bucketArn(call.bucket)]);
  const objects = sortedVersions(bucketOfCall(call))
    .filter(({ isLatest }) => isLatest)
    .filter((version): version is ListedVersion & ObjectVersion => isObject(version));
  const isBefore = ({ key }: Version) => after !== '' && compareKeys(key, after) <= 0;
  return pageOf(objects, { ...askedOf(call), after, isBefore });
}

function askedOf({ query }: S3Call) {
  const limit = Number(query.get('max-keys') ?? MAX_KEYS);
  if (!Number.isInteger(limit) || limit < 0) {
    throw refuse('InvalidArgument', 'Provided max-keys not an integer or within integer range');
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    limit: Math.min(limit, MAX_KEYS),
  };
}

function answerObjects(call: S3Call, page: Page<ObjectVersion>, contents: Content[]): void {
  const objects = page.items.map((version) =>
    element(
      'Contents',
      element('Key', encoded(call, version.key)),
      element('LastModified', version.modified.toISOString()),
      element('ETag', version.etag),
      element('Size', version.size),
      element('StorageClass', 'STANDARD'),
    ),
  );
  const all = [...commonContents(call, page), ...contents, ...objects];
  answerXml(call.response, 200, element('ListBucketResult', ...all));
}

function commonContents(call: S3Call, page: Page<Version>): Content[] {
  const { prefix, delimiter, limit } = askedOf(call);
  return [
    element('Name', call.bucket),
    element('Prefix', encoded(call, prefix)),
    optional('Delimiter', encoded(call, delimiter || undefined)),
    element('MaxKeys', limit),
    optional('EncodingType', call.query.get('encoding-type') ?? undefined),
    element('IsTruncated', page.last !== undefined),
    ...page.prefixes.map((text) =>
      element('CommonPrefixes', element('Prefix', encoded(call, text))),
    ),
  ];
}

function versionXml(call: S3Call, version: ListedVersion): Content {
  const contents = [
    element('Key', encoded(call, version.key)),
    element('VersionId', version.id),
    element('IsLatest', version.isLatest),
    element('LastModified', version.modified.toISOString()),
  ];
  if (!isObject(version)) return element('DeleteMarker', ...contents);
  return element(
    'Version',
    ...contents,
    element('ETag', version.etag),
    element('Size', version.size),
    element('StorageClass', 'STANDARD'),
  );
}

/** Keys may hold what XML cannot: `encoding-type=url` asks for them encoded. */
function encoded({ query }: S3Call, text: string | undefined): string | undefined {
  if (text === undefined || query.get('encoding-type') !== 'url') return text;
  return encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+');
}

function lastKey(last: Version | string): string {
  return typeof last === 'string' ? last : last.key;
}

function toToken(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function fromToken(token: string): string {
  return Buffer.from(token, 'base64url').toString();
}
