/** Restores defanged indicators, which analysts write so that they cannot be clicked. */

/** Marks in a host name, also half open, or with a comma: nothing of this can be part of a name or address. */
const IN_HOST = /[[({](?:[.,]|dot)[\])}]|[[({]\.|\.[\])}]/gi;
const COLON = /[[({]:[\])}]/g;
/** A host in which each dot is escaped, as Markdown and regular expressions escape it. */
const ESCAPED = /^[^.\\]+(?:\\\.[^.\\]+)+$/;

const AT = /[[({](?:@|at)[\])}]/gi;

/** Marks after the host, in brackets of one kind; `{{.}}` is a placeholder of a template, and no mark. */
const SIGN = '(dot|at|:?//?|[.:@])';
const IN_TAIL = new RegExp(`\\[${SIGN}\\]|\\(${SIGN}\\)|(?<!\\{)\\{${SIGN}\\}(?!\\})`, 'gi');
const words: Readonly<Record<string, string>> = { dot: '.', at: '@' };

/** Deepest nesting of marks after the host: each level costs a pass over a long text. */
const MAX_DEPTH = 3;

/** Text without marks. */
interface Refanged {
  readonly text: string;
  /** How deep the marks were nested; 0 if there were none. */
  readonly depth: number;
}

/**
 * Refangs a host name or an IP address: `[.]`, `(.)`, `{.}`, `[dot]`, `\.` and the like become dots, `[:]` a
 * colon. Handles nested marks (`[[.]]`), so that refanging the result changes nothing.
 *
 * @param text - short, because every level of nesting costs a pass
 */
export function refangHost(text: string): string {
  return unmark(text).text;
}

function unmark(host: string): Refanged {
  let text = host;
  for (let depth = 0; ; depth += 1) {
    const unescaped = ESCAPED.test(text) ? text.replaceAll('\\.', '.') : text;
    const refanged = unescaped.replace(IN_HOST, '.').replace(COLON, ':');
    if (refanged === text) return { text, depth };
    text = refanged;
  }
}

/**
 * Refangs the sign between credentials and host: `[@]`, `[at]`, `(at)`.
 *
 * @param authority - authority part of a URL
 */
export function refangAt(authority: string): string {
  return authority.replace(AT, '@');
}

/**
 * Refangs path, query and fragment of a URL whose scheme or host has marks. Tools put marks everywhere:
 * CyberChef writes each `.`, `http` and `://` of a URL as `[.]`, `hxxp` and `[://]`.
 *
 * @param depth - how deep the marks of the host are nested
 */
function refangTail(tail: string, depth: number, isEscaped: boolean): string {
  let text = isEscaped ? tail.replaceAll('\\.', '.') : tail;
  for (let level = 0; level < Math.min(Math.max(depth, 1), MAX_DEPTH); level += 1) {
    text = text.replace(IN_TAIL, (mark) => {
      const sign = mark.slice(1, -1);
      return words[sign.toLowerCase()] ?? sign;
    });
  }
  return text.replace(/hxxp/gi, 'http');
}

const SCHEME = /^([a-z][a-z0-9+*-]*)[[({]*:[\])}]*[[({]*\/[\])}]*[[({]*\/[\])}]*/i;

/** A URL, split after its scheme. */
export interface SchemeAndRest {
  /** Refanged, in lower case; undefined if there is no scheme. */
  readonly scheme: string | undefined;
  /** Everything after `://`, unchanged. */
  readonly rest: string;
}

/**
 * Splits a URL after its scheme, and refangs the scheme: `hxxp://`, `hXXps[:]//`, `h**p://`, `http[://]`.
 */
export function cutScheme(text: string): SchemeAndRest {
  const match = SCHEME.exec(text);
  if (!match?.[1]) return { scheme: undefined, rest: text };
  const scheme = match[1]
    .toLowerCase()
    .replace(/^(?:h[tx*]{2}p|ttp)(?=s?$)/, 'http')
    .replace(/^fxp(?=s?$)/, 'ftp');
  return { scheme, rest: text.slice(match[0].length) };
}

/** The parts of a URL. */
export interface UrlParts {
  /** Refanged, in lower case; undefined if there is no scheme. */
  readonly scheme: string | undefined;
  /** Credentials before the host, unchanged; empty if there are none. */
  readonly credentials: string;
  /** Host and port, refanged. */
  readonly host: string;
  /** Path, query and fragment: refanged if scheme or host have marks, otherwise unchanged. */
  readonly tail: string;
}

/**
 * Splits a URL, with or without a scheme, and refangs it.
 *
 * @param maxHostLength - of a longer host, marks are left as they are
 */
export function splitUrl(text: string, maxHostLength: number): UrlParts {
  const { scheme, rest } = cutScheme(text);
  const end = rest.search(/[/?#]|[[({]\/[\])}]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const tail = end < 0 ? '' : rest.slice(end);
  const withAt = refangAt(authority);
  const at = withAt.lastIndexOf('@') + 1;
  const marked = withAt.slice(at);
  const host = marked.length > maxHostLength ? { text: marked, depth: 0 } : unmark(marked);
  const isDefanged =
    host.depth > 0 ||
    (at > 0 && !authority.endsWith(`@${marked}`)) ||
    /^[[({]/.test(tail) ||
    !/^(?:https?:\/\/)?$/i.test(text.slice(0, text.length - rest.length));
  return {
    scheme,
    credentials: withAt.slice(0, at),
    host: host.text,
    tail: isDefanged ? refangTail(tail, host.depth, marked.includes('\\.')) : tail,
  };
}
