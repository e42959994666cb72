/** Wildcards of event patterns: `*` matches any characters, `\*` an asterisk, `\\` a backslash. */
import { EventPatternError } from './pattern-error.ts';

/**
 * Compiles a wildcard.
 *
 * @param path - of the field, for the error
 * @throws EventPatternError for `**`, and for a backslash before anything but `*` and `\`, as EventBridge does
 */
export function compileWildcard(path: string, wildcard: string): (text: string) => boolean {
  const [first = '', ...others] = literalsOf(path, wildcard);
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    const end = text.length - last.length;
    let from = first.length;
    // Matching each literal as far left as possible leaves the most room for the rest.
    for (const literal of others) {
      const at = text.indexOf(literal, from);
      if (at === -1 || at + literal.length > end) return false;
      from = at + literal.length;
    }
    return true;
  };
}

/** Splits a pattern into the literals between its wildcards. */
function literalsOf(path: string, wildcard: string): readonly string[] {
  const literals: string[] = [];
  let literal = '';
  for (const [token] of wildcard.matchAll(/\\.?|./gs)) {
    if (token === '*') {
      if (literal === '' && literals.length > 0) {
        throw new EventPatternError(path, 'consecutive wildcard characters are not allowed');
      }
      literals.push(literal);
      literal = '';
    } else if (token.startsWith('\\')) {
      if (token !== '\\*' && token !== '\\\\') {
        throw new EventPatternError(path, `"${token}" is not an escape; use \\* or \\\\`);
      }
      literal += token.slice(1);
    } else {
      literal += token;
    }
  }
  return [...literals, literal];
}
