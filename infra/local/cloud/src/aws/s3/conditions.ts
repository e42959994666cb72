/** Conditional requests: what `If-Match` and its like say of an object. */
import type { IncomingHttpHeaders } from 'node:http';
import { noSuchKey, preconditionFailed } from './refusals.ts';
import { isObject, type ObjectVersion, type Version } from './state.ts';

/** The conditions that a request names. */
export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}

/** Conditions of a read. */
export function conditionsOf(headers: IncomingHttpHeaders): Conditions {
  return {
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    ifUnmodifiedSince: headers['if-unmodified-since'],
  };
}

/** Conditions of a copy on its source. */
export function copyConditionsOf(headers: IncomingHttpHeaders): Conditions {
  const text = (name: string) => headers[`x-amz-copy-source-${name}`]?.toString();
  return {
    ifMatch: text('if-match'),
    ifNoneMatch: text('if-none-match'),
    ifModifiedSince: text('if-modified-since'),
    ifUnmodifiedSince: text('if-unmodified-since'),
  };
}

/**
 * Judges a read, with the precedence of RFC 9110, section 13.2.2.
 *
 * @returns `unmodified` when the client has what it asks for
 * @throws AwsRefusal `PreconditionFailed`
 */
export function judgeRead(
  { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince }: Conditions,
  { etag, modified }: ObjectVersion,
): 'go on' | 'unmodified' {
  const seconds = Math.floor(modified.getTime() / 1000);
  if (ifMatch !== undefined) {
    if (!names(ifMatch, etag)) throw preconditionFailed();
  } else if (ifUnmodifiedSince !== undefined) {
    // A date that cannot be read is no condition: NaN compares as false.
    if (seconds > Date.parse(ifUnmodifiedSince) / 1000) throw preconditionFailed();
  }
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, etag) ? 'unmodified' : 'go on';
  const isOld = seconds <= Date.parse(ifModifiedSince ?? '') / 1000;
  return isOld ? 'unmodified' : 'go on';
}

/**
 * Judges a write over what is there.
 *
 * @throws AwsRefusal `PreconditionFailed`, or `NoSuchKey` when nothing is there to match
 */
export function judgeWrite(
  { 'if-match': ifMatch, 'if-none-match': ifNoneMatch }: IncomingHttpHeaders,
  present: Version | undefined,
): void {
  if (ifMatch !== undefined) {
    if (!isObject(present)) throw noSuchKey();
    if (!names(ifMatch, present.etag)) throw preconditionFailed();
  }
  if (ifNoneMatch !== undefined && isObject(present) && names(ifNoneMatch, present.etag)) {
    throw preconditionFailed();
  }
}

function names(header: string, etag: string): boolean {
  const bare = (text: string) => text.trim().replace(/^(?:W\/)?"(.*)"$/, '$1');
  return header.split(',').some((item) => item.trim() === '*' || bare(item) === bare(etag));
}
