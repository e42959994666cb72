/** Counts of the invocation that runs, for its log line. */

/** Lambda runs one invocation at a time in a process. */
const counts = new Map<string, number>();

/** Counts an event. */
export function count(name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Returns the counts so far, and starts over. */
export function takeCounts(): Readonly<Record<string, number>> {
  const taken = Object.fromEntries(counts);
  counts.clear();
  return taken;
}
