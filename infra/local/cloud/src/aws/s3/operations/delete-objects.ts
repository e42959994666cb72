/** DeleteObject and DeleteObjects. */
import { AwsRefusal } from '../../http/refusal.ts';
import { answerXml, element, optional, type Xml } from '../../http/xml.ts';
import { checkKey } from '../address.ts';
import { answerEmpty, bucketOf, checkVersionId, objectArn, type S3Call } from '../call.ts';
import { judgeWrite } from '../conditions.ts';
import { malformedXml } from '../refusals.ts';
import { elementsOf, textOf } from '../request-xml.ts';
import { addVersion, type Bucket, findVersion, newVersionId, removeVersion } from '../state.ts';
import { readText } from '../upload/incoming-body.ts';

/** What a request deletes: without a version id the newest version, behind a delete marker. */
interface Target {
  readonly key: string;
  readonly versionId: string | undefined;
}

/** Most objects in one DeleteObjects. */
const MAX_OBJECTS = 1000;

/** Control characters that XML 1.0 does not allow. */
const NOT_XML = /[^\P{Cc}\t\n\r\x7f-\x9f]/u;

export async function deleteObject(call: S3Call): Promise<void> {
  const { key, query, request } = call;
  const bucket = bucketOf(call);
  const versionId = checkVersionId(query.get('versionId'));
  judgeWrite({ 'if-match': request.headers['if-match'] }, findVersion(bucket, key, versionId));
  const deleted = await remove(call, bucket, { key, versionId });
  answerEmpty(call, 204, {
    ...(deleted.versionId === undefined ? {} : { 'x-amz-version-id': deleted.versionId }),
    ...(deleted.isMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  });
}

export async function deleteObjects(call: S3Call): Promise<void> {
  const bucket = bucketOf(call);
  const text = await readText(call.request);
  const targets = elementsOf(text, 'Object').map((xml) => ({
    key: textOf(xml, 'Key') ?? '',
    versionId: textOf(xml, 'VersionId'),
  }));
  if (targets.length === 0 || targets.length > MAX_OBJECTS || NOT_XML.test(text)) {
    throw malformedXml();
  }
  const results: Xml[] = [];
  for (const target of targets) results.push(await removeListed(call, bucket, target));
  const isQuiet = textOf(text, 'Quiet')?.trim() === 'true';
  const shown = results.filter(({ text: xml }) => !isQuiet || xml.startsWith('<Error>'));
  answerXml(call.response, 200, element('DeleteResult', ...shown));
}

async function removeListed(call: S3Call, bucket: Bucket, target: Target): Promise<Xml> {
  const identity = [element('Key', target.key), optional('VersionId', target.versionId)];
  try {
    checkKey(target.key);
    checkVersionId(target.versionId);
    const { isMarker, versionId } = await remove(call, bucket, target);
    const markerId = optional('DeleteMarkerVersionId', versionId);
    const marker = isMarker ? [element('DeleteMarker', true), markerId] : [];
    return element('Deleted', ...identity, ...marker);
  } catch (error) {
    if (!(error instanceof AwsRefusal)) throw error;
    const { code, message } = error;
    return element('Error', ...identity, element('Code', code), element('Message', message));
  }
}

/** @returns the version that was removed, or the delete marker that was added */
async function remove({ note, world }: S3Call, bucket: Bucket, { key, versionId }: Target) {
  note(versionId ? 's3:DeleteObjectVersion' : 's3:DeleteObject', [objectArn(bucket.name, key)]);
  const addsMarker = versionId === undefined && bucket.versioning !== undefined;
  const id = addsMarker ? newVersionId(bucket) : versionId;
  const marker = { key, modified: new Date(world.now()), content: undefined, tags: [] };
  const removed =
    addsMarker && id !== undefined
      ? addVersion(bucket, { ...marker, id })
      : removeVersion(bucket, key, id ?? 'null');
  if (removed?.content) await world.bytes.remove(removed.content.file);
  const isMarker = addsMarker || (removed !== undefined && !removed.content);
  return { versionId: id, isMarker };
}
