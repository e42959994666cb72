/** Which uploads are scanned, as an EventBridge pattern. */
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { ScanFilter } from '../../shared/uploads/sweep/scan-filter.ts';
import { ConfigurationError } from '../config.ts';

/**
 * Maximum length of the filter, characters: the 2,048 of a pattern less those for the bucket name and the rest.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
const MAX_FILTER_LENGTH = 1850;

/** Largest number that a pattern may contain. */
const MAX_NUMBER = 5_000_000_000;

/**
 * Returns the event pattern that matches uploads to a bucket.
 *
 * @param bucketName - may be an unresolved token
 * @throws ConfigurationError if EventBridge would refuse the pattern
 */
export function uploadPattern(bucketName: string, filter: ScanFilter = {}): EventPattern {
  const object = { ...keyCondition(filter), ...sizeCondition(filter) };
  const { length } = JSON.stringify(object);
  if (length > MAX_FILTER_LENGTH) {
    throw new ConfigurationError(
      `scanPrefixes and scanSuffixes: ${filter.prefixes?.length ?? 0} prefixes and ${filter.suffixes?.length ?? 0} suffixes make a pattern of ${length} characters; allowed: ${MAX_FILTER_LENGTH}, because EventBridge limits a pattern to 2048 (use fewer or shorter ones)`,
    );
  }
  return {
    source: ['aws.s3'],
    detailType: ['Object Created'],
    detail: {
      bucket: { name: [bucketName] },
      ...(Object.keys(object).length > 0 && { object }),
    },
  };
}

/** EventBridge combines the entries of an array with OR, so prefix and suffix together make one wildcard. */
function keyCondition({ prefixes = [], suffixes = [] }: ScanFilter) {
  if (prefixes.length === 0 && suffixes.length === 0) return {};
  if (suffixes.length === 0) return { key: prefixes.map((prefix) => ({ prefix })) };
  if (prefixes.length === 0) return { key: suffixes.map((suffix) => ({ suffix })) };
  const key = prefixes.flatMap((prefix) =>
    suffixes.flatMap((suffix) => [
      { wildcard: `${literal(prefix)}*${literal(suffix)}` },
      ...overlaps(prefix, suffix),
    ]),
  );
  return { key };
}

/** Keys in which prefix and suffix overlap, which the wildcard does not match. */
function overlaps(prefix: string, suffix: string): string[] {
  const lengths = Array.from({ length: Math.min(prefix.length, suffix.length) }, (_, n) => n + 1);
  return lengths
    .filter((length) => prefix.endsWith(suffix.slice(0, length)))
    .map((length) => prefix + suffix.slice(length));
}

/** Escapes text for a wildcard pattern. */
function literal(text: string): string {
  return text.replaceAll(/[\\*]/g, (char) => `\\${char}`);
}

function sizeCondition({ minBytes, maxBytes }: ScanFilter) {
  for (const bytes of [minBytes, maxBytes]) {
    if (bytes === undefined || (bytes >= 0 && bytes <= MAX_NUMBER)) continue;
    throw new ConfigurationError(
      `scanMinBytes and scanMaxBytes: got ${bytes}; allowed: 0 to ${MAX_NUMBER} bytes`,
    );
  }
  if (minBytes !== undefined && maxBytes !== undefined && minBytes > maxBytes) {
    throw new ConfigurationError(
      `scanMinBytes: got ${minBytes}; allowed: at most scanMaxBytes, ${maxBytes}`,
    );
  }
  // EventBridge refuses a range whose bounds are equal.
  if (minBytes !== undefined && minBytes === maxBytes) {
    return { size: [{ numeric: ['=', minBytes] }] };
  }
  const numeric = [
    ...(minBytes === undefined ? [] : ['>=', minBytes]),
    ...(maxBytes === undefined ? [] : ['<=', maxBytes]),
  ];
  return numeric.length === 0 ? {} : { size: [{ numeric }] };
}
