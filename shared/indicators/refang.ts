/** Undoes the marks by which analysts make an indicator harmless to click. */

const DOT = /[[({](?:\.|dot)[\])}]/gi;
const COLON = /\[:\]/g;

/**
 * Refangs a host name or an address: `[.]`, `(.)`, `{.}`, `[dot]` and the like become dots, `[:]` colons.
 *
 * @param text - possibly defanged
 */
export function refangHost(text: string): string {
  return text.replace(DOT, '.').replace(COLON, ':');
}

const SCHEME = /^([a-z][a-z0-9+-]*)(?::\/\/|\[:\]\/\/|\[:\/\/\]|:\[\/\/\])/i;
const DEFANGED_SCHEMES: Readonly<Record<string, string>> = { hxxp: 'http', hxxps: 'https' };

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
  return { scheme: DEFANGED_SCHEMES[scheme] ?? scheme, rest: text.slice(match[0].length) };
}
