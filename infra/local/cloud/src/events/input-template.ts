/**
 * Input templates (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html):
 * `<name>` stands for a part of the event. Outside of quotes it becomes JSON; within quotes a text is
 * put in as it is, **not** escaped, and other values lose their quotes. So a key with a quote in
 * it breaks a template that quotes it, here as on AWS.
 */
import { TargetInputError } from './event-path.ts';

/** A value for each variable that the event has. */
export type Variables = ReadonlyMap<string, unknown>;

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly isQuoted: boolean };

const TOKEN = /\\.|"|<([\w.-]+)>|[^\\"<]+|./gs;

/**
 * Compiles a template.
 *
 * @param known - names of variables
 * @throws TargetInputError when it is not JSON, or names a variable that is not known
 */
export function compileTemplate(
  template: string,
  known: ReadonlySet<string>,
): (variables: Variables) => string {
  const parts = partsOf(template, known);
  const fill = (variables: Variables) =>
    parts
      .map((part) => (part.kind === 'literal' ? part.text : textOf(part, variables.get(part.name))))
      .join('');
  if (!isJson(fill(new Map()))) {
    throw new TargetInputError(`The input template is not JSON (a text needs quotes): ${template}`);
  }
  return fill;
}

function partsOf(template: string, known: ReadonlySet<string>): readonly Part[] {
  let isQuoted = false;
  return Array.from(template.matchAll(TOKEN), ([text, name]): Part => {
    if (text === '"') isQuoted = !isQuoted;
    if (name === undefined) return { kind: 'literal', text };
    if (known.has(name)) return { kind: 'variable', name, isQuoted };
    throw new TargetInputError(`The input template's <${name}> is not defined in InputPathsMap`);
  });
}

function textOf({ isQuoted }: { readonly isQuoted: boolean }, value: unknown = ''): string {
  if (!isQuoted) return JSON.stringify(value);
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', '');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
