/** Restores defanged indicators, which analysts write so that they cannot be clicked. */

const DOT = /[[({](?:\.|dot)[\])}]/gi;
const COLON = /[[({]:[\])}]/g;
const AT = /[[({](?:@|at)[\])}]/gi;

/**
 * Refangs a host name or an IP address: `[.]`, `(.)`, `{.}`, `[dot]` and the like become dots, `[:]` a colon.
 * Handles nested marks (`[[.]]`), so that refanging the result changes nothing.
 *
 * @param text - short, because every level of nesting costs a pass
 */
export function refangHost(text: string): string {
  let refanged = text;
  let before: string;
  do {
    before = refanged;
    refanged = before.replace(DOT, '.').replace(COLON, ':');
  } while (refanged !== before);
  return refanged;
}

/**
 * Refangs the sign between credentials and host: `[@]`, `[at]`, `(at)`.
 *
 * @param authority - authority part of a URL
 */
export function refangAt(authority: string): string {
  return authority.replace(AT, '@');
}

const SCHEME = /^([a-z][a-z0-9+-]*)[[({]?:[\])}]?[[({]?\/\/[\])}]?/i;
const DEFANGED_SCHEMES: ReadonlyMap<string, string> = new Map([
  ['hxxp', 'http'],
  ['hxxps', 'https'],
]);

/** A URL, split after its scheme. */
export interface SchemeAndRest {
  /** Refanged, in lower case; undefined if there is no scheme. */
  readonly scheme: string | undefined;
  /** Everything after `://`, unchanged. */
  readonly rest: string;
}

/**
 * Splits a URL after its scheme, and refangs the scheme: `hxxp://`, `hXXps[:]//`, `http[://]`.
 */
export function cutScheme(text: string): SchemeAndRest {
  const match = SCHEME.exec(text);
  if (!match?.[1]) return { scheme: undefined, rest: text };
  const scheme = match[1].toLowerCase();
  return { scheme: DEFANGED_SCHEMES.get(scheme) ?? scheme, rest: text.slice(match[0].length) };
}
