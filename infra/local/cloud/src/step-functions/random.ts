/**
 * `States.MathRandom` as on AWS. The engine (aws-local-stepfunctions 3.0.0) includes the end of the range, and
 * seeds by the millisecond, so that executions that draw in the same one get the same number.
 */

/** Field of the context object that holds ours; the engine's `Execution` is wrong in a Map. */
export const CONTEXT = 'Local';

/** Returns the seed of one call; the context object has a new one whenever it is read. */
export function newSeed(): number {
  return Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
}

const CALL = 'States.MathRandom(';

/** Rewrites the calls of `States.MathRandom` in an intrinsic function. */
export function lowerRandom(text: string): string {
  const at = text.indexOf(CALL);
  if (at < 0) return text;
  const start = at + CALL.length;
  const { args, end } = argumentsAt(text, start);
  const [first = '', last = '', seed = `$$.${CONTEXT}.Seed`] = args.map(lowerRandom);
  const call = `${CALL}${first}, States.MathAdd(${last}, -1), ${seed})`;
  return text.slice(0, at) + call + lowerRandom(text.slice(end));
}

/** Splits the arguments of a call at its own commas. @returns them, and where the text continues after the call */
function argumentsAt(text: string, start: number): { args: string[]; end: number } {
  const args: string[] = [];
  let [depth, from, isQuoted] = [0, start, false];
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === "'" && text[at - 1] !== '\\') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (char === '(') depth += 1;
    const isEnd = char === ')' && depth === 0;
    if (isEnd || (char === ',' && depth === 0)) {
      args.push(text.slice(from, at).trim());
      from = at + 1;
    }
    if (isEnd) return { args, end: at + 1 };
    if (char === ')') depth -= 1;
  }
  return { args, end: text.length };
}
