/** The tags that tell an object's verdict, and how they go together with those that it has. */
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

/** Names of the tags, the most important one first. */
export const tagNames = [
  'virustotal-verdict',
  'virustotal-scan-id',
  'virustotal-scanned-at',
] as const;
const ours: readonly string[] = tagNames;

/** Tags put together. */
export interface MergedTags {
  /** All that the object is to have. */
  readonly tags: readonly Tag[];
  /** Names of ours among them. */
  readonly written: readonly string[];
  /** Names of ours that there is no room for. */
  readonly leftOut: readonly string[];
}

/** The tags of a decision, the most important one first; what is not known has none. */
export function tagsOf({ verdict, scan_id, scanned_at }: VerdictDecision): readonly Tag[] {
  const values = [verdict.value, scan_id, scanned_at];
  return tagNames.flatMap((Key, index) => {
    const value = values[index];
    return value ? [{ Key, Value: allowedValue(value) }] : [];
  });
}

/**
 * Puts our tags to those that an object has. Those of others are never dropped; of ours, as many are added
 * as there is room for, and what is there of an earlier outcome goes.
 *
 * @param present - the object's
 * @param wanted - ours, the most important one first
 */
export function mergeTags(present: readonly Tag[], wanted: readonly Tag[]): MergedTags {
  const others = present.filter(({ Key }) => !ours.includes(Key));
  const added = wanted.slice(0, Math.max(0, MAX_TAGS - others.length));
  const name = ({ Key }: Tag) => Key;
  return {
    tags: [...others, ...added],
    written: added.map(name),
    leftOut: wanted.slice(added.length).map(name),
  };
}

/** Takes tags off that are exactly ours; others, and ours with another value, stay. */
export function withoutTags(present: readonly Tag[], gone: readonly Tag[]): readonly Tag[] {
  return present.filter(
    ({ Key, Value }) => !gone.some((tag) => tag.Key === Key && tag.Value === Value),
  );
}

/** Letters, digits, spaces and _ . : / = + - @ may stand in a value (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tag.html). */
function allowedValue(text: string): string {
  return [...text.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_')]
    .slice(0, MAX_VALUE_LENGTH)
    .join('');
}
