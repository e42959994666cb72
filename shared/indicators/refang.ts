/** Undoes the marks by which analysts make an indicator harmless to click. */

const DOT = /[[({](?:\.|dot)[\])}]/gi;
const COLON = /[[({]:[\])}]/g;
const AT = /[[({](?:@|at)[\])}]/gi;

/**
 * Refangs a host name or an address: `[.]`, `(.)`, `{.}`, `[dot]` and the like become dots, `[:]` colons.
 *
 * Marks that are marked again (`[[.]]`) are undone too, so that refanging twice changes nothing more.
 *
 * @param text - possibly defanged; short, because every nesting costs a pass
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
 * @param authority - of a URL, possibly defanged
 */
export function refangAt(authority: string): string {
  return authority.replace(AT, '@');
}

const SCHEME = /^([a-z][a-z0-9+-]*)[[({]?:[\])}]?[[({]?\/\/[\])}]?/i;
const DEFANGED_SCHEMES: ReadonlyMap<string, string> = new Map([
  ['hxxp', 'http'],
  ['hxxps', 'https'],
]);

/** A URL cut after its scheme. */
export interface SchemeAndRest {
  /** Lower case and refanged; undefined when the text has none. */
  readonly scheme: string | undefined;
  /** All that follows `://`, as given. */
  readonly rest: string;
}

/**
 * Cuts a URL after its scheme, and refangs that: `hxxp://`, `hXXps[:]//`, `http[://]`.
 *
 * @param text - possibly defanged
 */
export function cutScheme(text: string): SchemeAndRest {
  const match = SCHEME.exec(text);
  if (!match?.[1]) return { scheme: undefined, rest: text };
  const scheme = match[1].toLowerCase();
  return { scheme: DEFANGED_SCHEMES.get(scheme) ?? scheme, rest: text.slice(match[0].length) };
}
