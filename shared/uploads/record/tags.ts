/** The tags with an object's verdict, and how to merge them with its other tags. */
import type { VerdictDecision } from './verdict-event.ts';

/** One tag of an object. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Most tags of one object. */
const MAX_TAGS = 10;
/** Longest value, characters. */
const MAX_VALUE_LENGTH = 256;

/** The tag with the verdict's value; bucket policies may depend on it. */
export const VERDICT_TAG = 'virustotal-verdict';

/** Names of our tags, the most important one first. */
export const tagNames = [VERDICT_TAG, 'virustotal-scan-id', 'virustotal-scanned-at'] as const;
const ourNames: readonly string[] = tagNames;

/** Tags of an object after a merge. */
export interface MergedTags {
  /** All tags that the object is to have. */
  readonly tags: readonly Tag[];
  /** Names of our tags among them. */
  readonly written: readonly string[];
  /** Names of our tags that have no room. */
  readonly leftOut: readonly string[];
}

/** Returns the tags of a decision, the most important one first; unknown values have no tag. */
export function tagsOf({ verdict, scan_id, scanned_at }: VerdictDecision): readonly Tag[] {
  const values = [verdict.value, scan_id, scanned_at];
  return tagNames.flatMap((Key, index) => {
    const value = values[index];
    return value ? [{ Key, Value: allowedValue(value) }] : [];
  });
}

/**
 * Merges our tags with those that an object has. Tags of others are never dropped; ours replace those of an
 * earlier outcome, as many as there is room for.
 *
 * @param present - the object's tags
 * @param ours - the most important one first
 */
export function mergeTags(present: readonly Tag[], ours: readonly Tag[]): MergedTags {
  const others = present.filter(({ Key }) => !ourNames.includes(Key));
  const added = ours.slice(0, Math.max(0, MAX_TAGS - others.length));
  const nameOf = ({ Key }: Tag) => Key;
  return {
    tags: [...others, ...added],
    written: added.map(nameOf),
    leftOut: ours.slice(added.length).map(nameOf),
  };
}

/** Removes tags that are exactly ours; a tag of the same name with another value stays. */
export function withoutTags(present: readonly Tag[], ours: readonly Tag[]): readonly Tag[] {
  return present.filter(
    ({ Key, Value }) => !ours.some((tag) => tag.Key === Key && tag.Value === Value),
  );
}

/** A value may contain letters, digits, spaces and _ . : / = + - @ (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tag.html). */
function allowedValue(value: string): string {
  return [...value.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_')]
    .slice(0, MAX_VALUE_LENGTH)
    .join('');
}
