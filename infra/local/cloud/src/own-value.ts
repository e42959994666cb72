/** Looks names up that come from outside: `constructor` and the like are no entries. */

/** The entry of a name; undefined when there is none. */
export function ownValue<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}
