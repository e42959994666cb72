/** Looks up untrusted names, so that `constructor` and the like find nothing. */

/** Returns an own entry; undefined if there is no such entry. */
export function ownValue<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}
