/** Reads the small XML documents that S3's clients send. */
import { unescapeXml } from '../http/xml.ts';

/** Contents of the elements of a name, in order. */
export function elementsOf(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}>(.*?)</${name}>`, 'gs');
  return Array.from(xml.matchAll(pattern), ([, content = '']) => content);
}

/** Text of the first element of a name; undefined without one. */
export function textOf(xml: string, name: string): string | undefined {
  const [text] = elementsOf(xml, name);
  return text === undefined ? undefined : unescapeXml(text);
}
