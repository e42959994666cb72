/** Makes cells for another budget, when the operator or VirusTotal has changed it. */
import { type ConditionalWrite, type Numbers, unchanged } from './conditional-write.ts';
import { cellsAt, minuteOf } from './door.ts';
import { cellMsOf, type QuotaSettings, WINDOW_MS } from './settings.ts';

/** Returns whether the cells are made for another budget than the settings'. */
export function mustRenewCells(settings: QuotaSettings, item: Numbers): boolean {
  return (item.cellsFor ?? 0) !== minuteOf(settings);
}

/**
 * Returns the write that makes new cells: none is free while VirusTotal may count a request that an old one has
 * admitted. It fails if one has admitted another request since.
 *
 * @param item - the door's attributes, old cells included
 * @param now - epoch milliseconds
 */
export function renewCellsWrite(
  settings: QuotaSettings,
  item: Numbers,
  now: number,
): ConditionalWrite {
  const { cellsFor = 0, used = 0 } = item;
  const old = Object.entries(item).filter(([name]) => /^c\d+$/.test(name));
  // When the last requests are counted: now, or when their bodies end.
  const counted = old.map(([, freeAt]) => freeAt - cellMsOf(cellsFor));
  const freeAt = Math.max(now, ...counted) + WINDOW_MS;
  return {
    set: { ...cellsAt(settings, freeAt), cellsFor: minuteOf(settings) },
    add: {},
    when: [
      unchanged('cellsFor', cellsFor),
      unchanged('used', used),
      ...old.map(([name, value]) => unchanged(name, value)),
    ],
  };
}
