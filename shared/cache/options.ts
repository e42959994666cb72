/** What the cache works with. */
import type { CacheTable } from './cache-table.ts';

/** What is counted. */
export type CacheCount =
  | 'cacheHits'
  | 'cacheMisses'
  /** A caller has waited for the request of another. */
  | 'cacheFlights'
  /** An answer did not fit into an item, and was not kept. */
  | 'cacheTooLarge';

/** What a cache needs. */
export interface ReportCacheOptions {
  readonly table: CacheTable;
  /** Of the schemas by which answers are read. */
  readonly version: string;
  /** How long an answer is kept, milliseconds. */
  readonly foundMs: number;
  /** How long it is kept that VirusTotal does not know something, milliseconds. */
  readonly unknownMs: number;
  /** Clock, epoch milliseconds, within a second of the real time. */
  readonly now: () => number;
  readonly count: (name: CacheCount) => void;
  /** Called when a call goes on without the cache. */
  readonly onTrouble: (action: string, error: unknown) => void;
  /** @default that of Node.js */
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
}
