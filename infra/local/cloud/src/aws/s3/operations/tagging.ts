/** PutObjectTagging, GetObjectTagging, DeleteObjectTagging. */
import { answerXml } from '../../http/xml.ts';
import {
  answerEmpty,
  bucketOf,
  checkVersionId,
  objectArn,
  readableVersion,
  type S3Call,
  setHeaders,
  versionHeader,
} from '../call.ts';
import type { Bucket, ObjectVersion } from '../state.ts';
import { taggingXml, tagsOfXml } from '../tags.ts';
import { readText } from '../upload/incoming-body.ts';

export async function putObjectTagging(call: S3Call): Promise<void> {
  const { bucket, version } = taggedVersion(call, 'Put');
  version.tags = tagsOfXml(await readText(call.request));
  answerEmpty(call, 200, versionHeader(bucket, version));
}

export function getObjectTagging(call: S3Call): void {
  const { bucket, version } = taggedVersion(call, 'Get');
  setHeaders(call, versionHeader(bucket, version));
  answerXml(call.response, 200, taggingXml(version.tags));
}

export function deleteObjectTagging(call: S3Call): void {
  const { bucket, version } = taggedVersion(call, 'Delete');
  version.tags = [];
  answerEmpty(call, 204, versionHeader(bucket, version));
}

function taggedVersion(
  call: S3Call,
  verb: 'Put' | 'Get' | 'Delete',
): { readonly bucket: Bucket; readonly version: ObjectVersion } {
  const versionId = checkVersionId(call.query.get('versionId'));
  const kind = versionId ? 'ObjectVersion' : 'Object';
  call.note(`s3:${verb}${kind}Tagging`, [objectArn(call.bucket, call.key)]);
  const bucket = bucketOf(call);
  return { bucket, version: readableVersion(call, bucket, call.key, versionId) };
}
