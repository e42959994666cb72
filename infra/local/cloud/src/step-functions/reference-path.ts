/** Reference paths: JSONPath to a single value, such as `$.a.b['c'][0]`. */
import { isRecord } from '../json.ts';

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]/g;

/**
 * Returns the value at a reference path; undefined if the path does not exist.
 */
export function follow(path: string, value: unknown): unknown {
  let found = value;
  for (const [, field, index, quoted] of path.matchAll(STEP)) {
    const name = field ?? quoted;
    if (name === undefined) found = Array.isArray(found) ? found[Number(index)] : undefined;
    else found = isRecord(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}
