/** A direct invocation, as the quota sees it. */
import { type QuotaCaller, quotaCaller } from '../limits.ts';
import { sha256 } from '../sha256.ts';

/** Properties of a parsed input that do not change what VirusTotal is asked. */
const besideTheWork: ReadonlySet<string> = new Set(['original', 'policy', 'cache']);

/**
 * Returns the caller of a direct invocation. Step Functions repeats an invocation that has to wait with the
 * same input, so that is what its place in the line is found by. A poll by `scan_id` is work that has begun.
 *
 * @param operation - its name
 * @param input - parsed, so that spellings of the same indicator are one
 */
export function directCaller(operation: string, input: unknown): QuotaCaller {
  const work = JSON.stringify([operation, input], (name, value: unknown) =>
    besideTheWork.has(name) ? undefined : value,
  );
  const hasBegun =
    typeof input === 'object' && input !== null && Reflect.get(input, 'scan_id') !== undefined;
  return quotaCaller('bulk', sha256(work), hasBegun);
}
