/** Makes cells for another budget, when the operator or VirusTotal has changed it. */
import { type ConditionalWrite, type Numbers, unchanged } from './conditional-write.ts';
import { cellsAt, minuteOf } from './door.ts';
import { type QuotaSettings, WINDOW_MS } from './settings.ts';

/** Returns whether the cells are made for another budget than the settings'. */
export function mustRenewCells(settings: QuotaSettings, item: Numbers): boolean {
  return (item.cellsFor ?? 0) !== minuteOf(settings);
}

/**
 * Returns the write that makes new cells: none is free while VirusTotal may count a request that an old one
 * has admitted.
 *
 * @param item - the door's attributes, old cells included
 * @param now - epoch milliseconds
 */
export function renewCellsWrite(
  settings: QuotaSettings,
  item: Numbers,
  now: number,
): ConditionalWrite {
  const old = Object.entries(item).flatMap(([name, freeAt]) => (/^c\d+$/.test(name) ? freeAt : []));
  const freeAt = Math.max(now + WINDOW_MS, ...old);
  return {
    set: { ...cellsAt(settings, freeAt), cellsFor: minuteOf(settings) },
    add: {},
    when: [unchanged('cellsFor', item.cellsFor ?? 0)],
  };
}
