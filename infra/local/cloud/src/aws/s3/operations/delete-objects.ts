/** DeleteObject and DeleteObjects. */

import { AwsRefusal } from '../../refusal.ts';
import { answerXml, element, optional, unescapeXml, type Xml } from '../../xml.ts';
import {
  answerEmpty,
  bucketOfCall,
  checkVersionId,
  findVersion,
  objectArn,
  type S3Call,
} from '../call.ts';
import { judgeWrite } from '../conditions.ts';
import { keyTooLong, refuse } from '../refusals.ts';
import { addVersion, type Bucket, newVersionId, removeVersion } from '../state.ts';
import { readUpload } from '../upload/read-upload.ts';

/** What a deletion did. */
interface Deletion {
  /** The version that was removed, or the delete marker that was made. */
  readonly versionId: string | undefined;
  /** Whether that is a delete marker. */
  readonly isMarker: boolean;
}

/** Most objects of one DeleteObjects. */
const MAX_OBJECTS = 1000;

/** Control characters that XML 1.0 does not allow. */
const NOT_XML = /[^\P{Cc}\t\n\r\x7f-\x9f]/u;

/** Deletes one object, or one version for ever. */
export async function deleteObject(call: S3Call): Promise<void> {
  const bucket = bucketOfCall(call);
  const named = call.query.get('versionId');
  const { 'if-match': ifMatch } = call.request.headers;
  judgeWrite({ 'if-match': ifMatch }, findVersion(bucket, call.key, checkVersionId(named)));
  const { versionId, isMarker } = await remove(call, bucket, call.key, named);
  answerEmpty(call, 204, {
    ...(versionId === undefined ? {} : { 'x-amz-version-id': versionId }),
    ...(isMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  });
}

/** Deletes up to 1000 objects or versions. */
export async function deleteObjects(call: S3Call): Promise<void> {
  const bucket = bucketOfCall(call);
  const text = (await readUpload(call.request)).bytes.toString();
  const objects = Array.from(text.matchAll(/<Object>(.*?)<\/Object>/gs), ([, xml = '']) => ({
    key: textOf(xml, 'Key') ?? '',
    versionId: textOf(xml, 'VersionId'),
  }));
  if (objects.length === 0 || objects.length > MAX_OBJECTS || NOT_XML.test(text)) {
    const message = 'The XML you provided was not well-formed or did not validate.';
    throw refuse('MalformedXML', message);
  }
  const results: Xml[] = [];
  for (const object of objects) results.push(await removeListed(call, bucket, object));
  const isQuiet = /<Quiet>\s*true\s*<\/Quiet>/.test(text);
  const shown = results.filter(({ text: xml }) => !isQuiet || xml.startsWith('<Error>'));
  answerXml(call.response, 200, element('DeleteResult', ...shown));
}

async function removeListed(
  call: S3Call,
  bucket: Bucket,
  { key, versionId }: { readonly key: string; readonly versionId: string | undefined },
): Promise<Xml> {
  try {
    if (Buffer.byteLength(key) > 1024) throw keyTooLong(Buffer.byteLength(key), 1024);
    const done = await remove(call, bucket, key, versionId);
    return element(
      'Deleted',
      element('Key', key),
      optional('VersionId', versionId),
      optional('DeleteMarker', done.isMarker || undefined),
      optional('DeleteMarkerVersionId', done.isMarker ? done.versionId : undefined),
    );
  } catch (error) {
    if (!(error instanceof AwsRefusal)) throw error;
    return element(
      'Error',
      element('Key', key),
      optional('VersionId', versionId),
      element('Code', error.code),
      element('Message', error.message),
    );
  }
}

async function remove(
  { note, world }: S3Call,
  bucket: Bucket,
  key: string,
  named: string | null | undefined,
): Promise<Deletion> {
  const id = checkVersionId(named);
  note(id ? 's3:DeleteObjectVersion' : 's3:DeleteObject', [objectArn(bucket.name, key)]);
  const marker =
    id === undefined && bucket.versioning !== undefined
      ? { key, id: newVersionId(bucket), modified: new Date(world.now()), blob: undefined }
      : undefined;
  const removed = marker
    ? addVersion(bucket, { ...marker, etag: '', size: 0, contentType: '', tags: [] })
    : removeVersion(bucket, key, id ?? 'null');
  if (removed?.blob) await world.engine.remove(removed.blob);
  if (marker) return { versionId: marker.id, isMarker: true };
  return { versionId: id, isMarker: removed !== undefined && removed.blob === undefined };
}

function textOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1];
  return text === undefined ? undefined : unescapeXml(text);
}
