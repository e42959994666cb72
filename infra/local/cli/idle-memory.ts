/** Returns unused memory to the system while the local run is idle. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long nothing must happen, milliseconds. */
const IDLE_MS = 5000;

/** Collects garbage after activity. */
export interface IdleMemory {
  /** Postpones the collection. */
  onActivity(): void;
}

/**
 * Starts the collection: an idle process allocates nothing, so V8 would keep the heap of its busiest time,
 * which for the start of a stack is some 90 MB too large.
 */
export function startIdleMemory(): IdleMemory {
  setFlagsFromString('--expose-gc');
  const collect: NodeJS.GCFunction = runInNewContext('gc');
  // The only flavor that shrinks the heap to what is in use.
  const release = () => void collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const timer = setTimeout(release, IDLE_MS).unref();
  return { onActivity: () => void timer.refresh() };
}
