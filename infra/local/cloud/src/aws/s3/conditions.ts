/** Conditional requests: `If-Match` and its relatives. */
import type { IncomingHttpHeaders } from 'node:http';
import { noSuchKey, preconditionFailed } from './refusals.ts';
import { isObject, type ObjectVersion, type Version } from './state.ts';

/**
 * Checks the conditions of a read, with the precedence of RFC 9110, section 13.2.2.
 *
 * @param prefix - of the headers: `x-amz-copy-source-` for the source of a copy
 * @returns whether the client has to be sent the object
 * @throws AwsRefusal `PreconditionFailed`
 */
export function judgeRead(
  headers: IncomingHttpHeaders,
  { content, modified }: ObjectVersion,
  prefix = '',
): 'modified' | 'not modified' {
  const condition = (name: string) => headers[prefix + name]?.toString();
  const ifMatch = condition('if-match');
  const ifNoneMatch = condition('if-none-match');
  const seconds = Math.floor(modified.getTime() / 1000);
  // A date that cannot be parsed is no condition: NaN compares as false.
  const secondsOf = (name: string) => Date.parse(condition(name) ?? '') / 1000;
  const isMatch =
    ifMatch === undefined
      ? !(seconds > secondsOf('if-unmodified-since'))
      : includesEtag(ifMatch, content.etag);
  if (!isMatch) throw preconditionFailed();
  const isKnown =
    ifNoneMatch === undefined
      ? seconds <= secondsOf('if-modified-since')
      : includesEtag(ifNoneMatch, content.etag);
  return isKnown ? 'not modified' : 'modified';
}

/**
 * Checks the conditions of a write.
 *
 * @param current - what the write would replace
 * @throws AwsRefusal `PreconditionFailed`, or `NoSuchKey` when there is no object to match
 */
export function judgeWrite(
  { 'if-match': ifMatch, 'if-none-match': ifNoneMatch }: IncomingHttpHeaders,
  current: Version | undefined,
): void {
  const etag = isObject(current) ? current.content.etag : undefined;
  if (ifMatch !== undefined) {
    if (etag === undefined) throw noSuchKey();
    if (!includesEtag(ifMatch, etag)) throw preconditionFailed();
  }
  if (ifNoneMatch !== undefined && etag !== undefined && includesEtag(ifNoneMatch, etag)) {
    throw preconditionFailed();
  }
}

function includesEtag(header: string, etag: string): boolean {
  const bare = (text: string) => text.trim().replace(/^(?:W\/)?"(.*)"$/, '$1');
  return header.split(',').some((item) => item.trim() === '*' || bare(item) === bare(etag));
}
