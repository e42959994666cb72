/** Object tags, within S3's limits (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html). */
import { element, type Xml } from '../http/xml.ts';
import { malformedXml, refuse } from './refusals.ts';
import { elementsOf, textOf } from './request-xml.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

const MAX_TAGS = 10;
const MAX_KEY_CHARACTERS = 128;
const MAX_VALUE_CHARACTERS = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Reads an `x-amz-tagging` header, which has tags as URL query parameters. */
export function tagsOfHeader(header: string | undefined): readonly Tag[] {
  return checked(Array.from(new URLSearchParams(header), ([key, value]) => ({ key, value })));
}

/** Reads the body of PutObjectTagging. */
export function tagsOfXml(text: string): readonly Tag[] {
  if (!/<Tagging[\s>/]/.test(text)) throw malformedXml();
  const tags = elementsOf(text, 'Tag').map((tag) => ({
    key: textOf(tag, 'Key') ?? '',
    value: textOf(tag, 'Value') ?? '',
  }));
  return checked(tags);
}

/** Response body of GetObjectTagging. */
export function taggingXml(tags: readonly Tag[]): Xml {
  const elements = tags.map(({ key, value }) =>
    element('Tag', element('Key', key), element('Value', value)),
  );
  return element('Tagging', element('TagSet', ...elements));
}

function checked(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > MAX_TAGS) {
    throw refuse('BadRequest', `Object tags cannot be greater than ${MAX_TAGS}`);
  }
  for (const { key, value } of tags) {
    if (key === '' || !isWithin(key, MAX_KEY_CHARACTERS)) {
      throw refuse('InvalidTag', 'The TagKey you have provided is invalid');
    }
    if (!isWithin(value, MAX_VALUE_CHARACTERS)) {
      throw refuse('InvalidTag', 'The TagValue you have provided is invalid');
    }
    if (key.startsWith('aws:')) {
      throw refuse('InvalidTag', 'System tags cannot be added/updated by requester');
    }
  }
  if (new Set(tags.map(({ key }) => key)).size < tags.length) {
    throw refuse('InvalidTag', 'Cannot provide multiple Tags with the same key');
  }
  return tags;
}

function isWithin(text: string, limit: number): boolean {
  return [...text].length <= limit && ALLOWED.test(text);
}
