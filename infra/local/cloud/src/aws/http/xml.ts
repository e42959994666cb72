/** The little XML that S3 speaks. */
import type { ServerResponse } from 'node:http';

/** XML that needs no more escaping. */
export class Xml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Content of an element: text is escaped, `undefined` is omitted. */
export type XmlContent = Xml | string | number | boolean | undefined;

/** An element around its contents. */
export function element(name: string, ...contents: readonly XmlContent[]): Xml {
  return new Xml(`<${name}>${contents.map(textOf).join('')}</${name}>`);
}

/** An element with its text, or nothing when there is no text. */
export function optional(name: string, content: XmlContent): XmlContent {
  return content === undefined ? undefined : element(name, content);
}

/**
 * Answers an XML document; a HEAD request gets none.
 *
 * @param namespace - of the document. @default none
 */
export function answerXml(
  response: ServerResponse,
  status: number,
  root: Xml,
  namespace?: string,
): void {
  const xml =
    namespace === undefined ? root.text : root.text.replace('>', ` xmlns="${namespace}">`);
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
  response.setHeader('content-type', namespace === undefined ? 'application/xml' : 'text/xml');
  response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
}

/** Text of an XML document's part, references resolved. */
export function unescapeXml(text: string): string {
  // In one pass: `&amp;lt;` is the text `&lt;`.
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi, (_, hex, dec, name) =>
    name
      ? (NAMED[name.toLowerCase()] ?? '')
      : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(dec)),
  );
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function textOf(content: XmlContent): string {
  if (content instanceof Xml) return content.text;
  if (content === undefined) return '';
  return escapeXml(String(content));
}

function escapeXml(text: string): string {
  // S3 writes control characters as references too, though XML 1.0 knows only three of them.
  return text.replace(/[&<>"'\p{Cc}]/gu, (char) => `&#${char.charCodeAt(0)};`);
}
