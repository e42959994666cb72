/** Which uploads are scanned, as a pattern of EventBridge. */
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { ConfigurationError } from '../config.ts';

/** Which uploads are scanned; all conditions must hold. */
export interface ScanFilter {
  /** A key begins with one of them. @default - any key */
  readonly prefixes?: readonly string[];
  /** A key ends with one of them. @default - any key */
  readonly suffixes?: readonly string[];
  /** Smallest object, bytes. @default - any size */
  readonly minBytes?: number;
  /** Largest object, bytes. @default - any size; over 650 MiB the outcome is `skipped` */
  readonly maxBytes?: number;
}

/**
 * Longest filter, characters: of the 2,048 of a pattern, what the bucket's name and the rest do not need.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
const MAX_FILTER_LENGTH = 1850;

/** What the numbers of a pattern may be at most. */
const MAX_NUMBER = 5_000_000_000;

/**
 * The pattern of a bucket's uploads.
 *
 * @param bucketName - may be a reference
 * @throws ConfigurationError when EventBridge would refuse it
 */
export function uploadPattern(bucketName: string, filter: ScanFilter = {}): EventPattern {
  const object = { ...keyCondition(filter), ...sizeCondition(filter) };
  const { length } = JSON.stringify(object);
  if (length > MAX_FILTER_LENGTH) {
    throw new ConfigurationError(
      `scanPrefixes and scanSuffixes: got ${filter.prefixes?.length ?? 0} and ${filter.suffixes?.length ?? 0}, whose event pattern has ${length} characters; allowed: ${MAX_FILTER_LENGTH} characters (EventBridge takes patterns of 2048)`,
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

/** Within one array EventBridge means OR, so that prefix and suffix together are one wildcard. */
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

/** Keys that begin with the one and end with the other, and have a part that is of both. */
function overlaps(prefix: string, suffix: string): string[] {
  const lengths = Array.from({ length: Math.min(prefix.length, suffix.length) }, (_, n) => n + 1);
  return lengths
    .filter((length) => prefix.endsWith(suffix.slice(0, length)))
    .map((length) => prefix + suffix.slice(length));
}

/** Text in a wildcard: asterisks and backslashes stand for themselves. */
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
      `scanMinBytes: got ${minBytes}; allowed: at most scanMaxBytes, which is ${maxBytes}`,
    );
  }
  // EventBridge takes no range without an inside.
  if (minBytes !== undefined && minBytes === maxBytes) {
    return { size: [{ numeric: ['=', minBytes] }] };
  }
  const numeric = [
    ...(minBytes === undefined ? [] : ['>=', minBytes]),
    ...(maxBytes === undefined ? [] : ['<=', maxBytes]),
  ];
  return numeric.length === 0 ? {} : { size: [{ numeric }] };
}
