/**
 * How a budget is kept. The minute is divided into cells: each admits one request and is free again after
 * `cellMs`. So no window of 60 s contains more requests than the budget, however they are spread.
 *
 * Two requests of one cell are planned `cellMs` apart by their callers' clocks. VirusTotal counts a request
 * within the guard of its planned time. With one cell a request, `cellMs` is 60 s and the guard: two requests
 * of a cell are never counted within 60 s. With fewer cells, those of a cell that are counted within 60 s were
 * planned within 60 s and the guard, and at most `requests / cells` fit in there.
 */
import type { Budgets } from './budgets.ts';

/** Largest assumed error of a clock, milliseconds; the table client corrects clocks that are further off. */
const CLOCK_ERROR_MS = 1_000;

/** How long a grant may be used, milliseconds: an older one is thrown away. */
export const GRANT_MS = 500;

/** How far apart a request may be planned and counted, compared with another: both clocks, and the grant. */
const GUARD_MS = 2 * CLOCK_ERROR_MS + GRANT_MS;

/** Requests that are planned this far apart are never counted within 60 s, milliseconds. */
export const WINDOW_MS = 60_000 + GUARD_MS;

/** Most cells: they must fit in an item of 1 KB, which one write unit pays. */
const MAX_CELLS = 20;

/** Above this many requests a minute there are no cells: one would be free again after the guard of a clock. */
const MAX_PER_MINUTE = 6_000;

/** Bulk plans to take this much longer than its cells need, to be done in time. */
const MARGIN = 1.02;

/** The settings of a ledger. */
export interface QuotaSettings extends Budgets {
  /** Number of cells; 0 if the minute has no budget that is kept. */
  readonly cells: number;
  /** How long a cell is taken, milliseconds. */
  readonly cellMs: number;
  /** Cells that each lane has for itself; the others are common. */
  readonly ownCells: number;
  /** Requests of a day that are kept for interactive callers. */
  readonly keptPerDay: number;
  /** Time between two requests of bulk, if it uses all cells that it may, milliseconds. */
  readonly stepMs: number;
}

/**
 * Returns the settings for budgets.
 *
 * @param interactiveShare - part of minute and day that interactive callers have for themselves, 0 to below 1
 */
export function quotaSettings(budgets: Budgets, interactiveShare: number): QuotaSettings {
  const { perMinute, perDay } = budgets;
  const cells = cellsFor(perMinute);
  const cellMs = cellMsOf(perMinute);
  const ownCells = Math.floor(interactiveShare * cells);
  return {
    ...budgets,
    cells,
    cellMs,
    ownCells,
    keptPerDay: perDay === Number.POSITIVE_INFINITY ? 0 : Math.floor(interactiveShare * perDay),
    stepMs: Math.ceil((cellMs / Math.max(1, cells - ownCells)) * MARGIN),
  };
}

/** Returns how long a cell is taken, milliseconds; 0 if the minute has no budget that is kept. */
export function cellMsOf(perMinute: number): number {
  const cells = cellsFor(perMinute);
  return cells === 0 ? 0 : Math.ceil(WINDOW_MS / Math.floor(perMinute / cells));
}

/** The number of cells that wastes least of a minute; of several the largest, which allows the longest burst. */
function cellsFor(perMinute: number): number {
  if (perMinute > MAX_PER_MINUTE) return 0;
  const most = Math.min(perMinute, MAX_CELLS);
  const counts = Array.from({ length: most }, (_, index) => most - index);
  const used = (cells: number) => cells * Math.floor(perMinute / cells);
  return counts.reduce((best, cells) => (used(cells) > used(best) ? cells : best), most);
}
