/** ListObjectsV2, ListObjects and ListObjectVersions. */
import { answerXml, element, optional, type Xml, type XmlContent } from '../../http/xml.ts';
import { bucketArn, bucketOf, type S3Call } from '../call.ts';
import { compareKeys, type Page, pageOf, type Selection } from '../page.ts';
import { refuse } from '../refusals.ts';
import { type Bucket, isObject, type Version } from '../state.ts';

/** Most entries of one page, and the default. */
const MAX_KEYS = 1000;

export function listObjectsV2(call: S3Call): void {
  const token = call.query.get('continuation-token') ?? undefined;
  const startAfter = call.query.get('start-after') ?? undefined;
  const after = token && Buffer.from(token, 'base64url').toString();
  const page = pageOfObjects(call, after ?? startAfter ?? '');
  answerObjects(call, page, [
    element('KeyCount', page.items.length + page.groups.length),
    optional('ContinuationToken', token),
    optional(
      'NextContinuationToken',
      page.last && Buffer.from(page.last.key).toString('base64url'),
    ),
    optional('StartAfter', encoded(call, startAfter)),
  ]);
}

export function listObjects(call: S3Call): void {
  const marker = call.query.get('marker') ?? '';
  const page = pageOfObjects(call, marker);
  answerObjects(call, page, [
    element('Marker', encoded(call, marker)),
    optional('NextMarker', encoded(call, page.last?.key)),
  ]);
}

export function listObjectVersions(call: S3Call): void {
  const { note, query, response } = call;
  note('s3:ListBucketVersions', [bucketArn(call.bucket)]);
  const keyMarker = query.get('key-marker') ?? '';
  const idMarker = query.get('version-id-marker') ?? undefined;
  const page = pageOf(sortedVersions(bucketOf(call)), selectionOf(call), keyMarker, idMarker);
  const result = element(
    'ListVersionsResult',
    ...commonContents(call, page),
    element('KeyMarker', encoded(call, keyMarker)),
    optional('VersionIdMarker', idMarker),
    optional('NextKeyMarker', encoded(call, page.last?.key)),
    optional('NextVersionIdMarker', page.last?.id),
    ...page.items.map((version) => {
      const name = isObject(version) ? 'Version' : 'DeleteMarker';
      const isLatest = element('IsLatest', version.isLatest);
      return entryXml(call, name, version, element('VersionId', version.id), isLatest);
    }),
  );
  answerXml(response, 200, result);
}

/** A version, with whether it is the newest of its key. */
interface ListedVersion extends Version {
  readonly isLatest: boolean;
}

function sortedVersions({ versions }: Bucket): ListedVersion[] {
  return [...versions]
    .toSorted(([left], [right]) => compareKeys(left, right))
    .flatMap(([, all]) => all.map((version, index) => ({ ...version, isLatest: index === 0 })));
}

function pageOfObjects(call: S3Call, after: string): Page<Version> {
  call.note('s3:ListBucket', [bucketArn(call.bucket)]);
  const versions = sortedVersions(bucketOf(call));
  const objects = versions.filter((version) => version.isLatest && isObject(version));
  return pageOf(objects, selectionOf(call), after);
}

function selectionOf({ query }: S3Call): Selection {
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

function answerObjects(call: S3Call, page: Page<Version>, contents: readonly XmlContent[]): void {
  const objects = page.items.map((version) => entryXml(call, 'Contents', version));
  const all = [...commonContents(call, page), ...contents, ...objects];
  answerXml(call.response, 200, element('ListBucketResult', ...all));
}

function commonContents(call: S3Call, { groups, last }: Page<Version>): XmlContent[] {
  const { prefix, delimiter, limit } = selectionOf(call);
  return [
    element('Name', call.bucket),
    element('Prefix', encoded(call, prefix)),
    optional('Delimiter', encoded(call, delimiter || undefined)),
    element('MaxKeys', limit),
    optional('EncodingType', call.query.get('encoding-type') ?? undefined),
    element('IsTruncated', last !== undefined),
    ...groups.map((group) => element('CommonPrefixes', element('Prefix', encoded(call, group)))),
  ];
}

function entryXml(call: S3Call, name: string, version: Version, ...contents: XmlContent[]): Xml {
  const { content, key, modified } = version;
  return element(
    name,
    element('Key', encoded(call, key)),
    ...contents,
    element('LastModified', modified.toISOString()),
    optional('ETag', content?.etag),
    optional('Size', content?.size),
    optional('StorageClass', content && 'STANDARD'),
  );
}

/** `encoding-type=url` asks for encoded keys, since keys may contain what XML cannot. */
function encoded({ query }: S3Call, text: string | undefined): string | undefined {
  if (text === undefined || query.get('encoding-type') !== 'url') return text;
  return encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+');
}
