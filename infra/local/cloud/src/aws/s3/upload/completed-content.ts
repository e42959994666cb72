/** Puts the parts of a multipart upload together. */
import { createHash } from 'node:crypto';
import { malformedXml, refuse } from '../refusals.ts';
import { elementsOf, textOf } from '../request-xml.ts';
import type { Content, Part, Upload } from '../state.ts';

/** Smallest part except the last, bytes. */
const MIN_PART_BYTES = 5 * 2 ** 20;

/**
 * The object that an upload becomes, without its checksum.
 *
 * @param xml - body of CompleteMultipartUpload: lists the parts
 * @throws AwsRefusal when the list does not match the parts that were uploaded
 */
export function completedContent(upload: Upload, xml: string): Omit<Content, 'checksums'> {
  const { file, headers } = upload;
  const parts = listedParts(upload.parts, xml);
  const digests = parts.map(({ etag }) => Buffer.from(etag.slice(1, -1), 'hex'));
  const md5 = createHash('md5').update(Buffer.concat(digests)).digest('hex');
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return { file, parts, size, etag: `"${md5}-${parts.length}"`, headers };
}

function listedParts(uploaded: ReadonlyMap<number, Part>, xml: string): Part[] {
  const listed = elementsOf(xml, 'Part').map((part) => ({
    number: Number(textOf(part, 'PartNumber')),
    etag: textOf(part, 'ETag')?.replaceAll('"', ''),
  }));
  if (listed.length === 0) throw malformedXml();
  if (listed.some(({ number }, at) => number <= (listed[at - 1]?.number ?? 0))) {
    const message = 'The list of parts was not in ascending order by part number.';
    throw refuse('InvalidPartOrder', message);
  }
  const parts = listed.map(({ etag, number }) => {
    const part = uploaded.get(number);
    if (part?.etag === `"${etag}"`) return part;
    throw refuse('InvalidPart', `Part ${number} was not uploaded, or its ETag does not match.`);
  });
  if (parts.slice(0, -1).some(({ size }) => size < MIN_PART_BYTES)) {
    const message = 'Your proposed upload is smaller than the minimum allowed size';
    throw refuse('EntityTooSmall', message);
  }
  return parts;
}
