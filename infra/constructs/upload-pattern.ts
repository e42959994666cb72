/** Which uploads are scanned, as a pattern of EventBridge. */
import type { EventPattern } from 'aws-cdk-lib/aws-events';

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
 * The pattern of a bucket's uploads.
 *
 * @param bucketName - may be a reference
 */
export function uploadPattern(bucketName: string, filter: ScanFilter = {}): EventPattern {
  const object = { ...keyCondition(filter), ...sizeCondition(filter) };
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
    suffixes.map((suffix) => ({ wildcard: `${literal(prefix)}*${literal(suffix)}` })),
  );
  return { key };
}

/** Text in a wildcard: asterisks and backslashes stand for themselves. */
function literal(text: string): string {
  return text.replaceAll(/[\\*]/g, (char) => `\\${char}`);
}

function sizeCondition({ minBytes, maxBytes }: ScanFilter) {
  const numeric = [
    ...(minBytes === undefined ? [] : ['>=', minBytes]),
    ...(maxBytes === undefined ? [] : ['<=', maxBytes]),
  ];
  return numeric.length === 0 ? {} : { size: [{ numeric }] };
}
