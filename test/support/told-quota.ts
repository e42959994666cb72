/** The quota of bulk callers as the deployed functions keep it: its pure core, without a table. */
import type { Clock } from '@local/cloud';
import { admissionWrite } from '../../shared/quota/admission.ts';
import { newDoor, readDoor } from '../../shared/quota/door.ts';
import { type Line, progressAt } from '../../shared/quota/line.ts';
import { type QuotaSettings, quotaSettings } from '../../shared/quota/settings.ts';
import { askAgainAt } from '../../shared/quota/tell.ts';
import { nextTurn, type Turn } from '../../shared/quota/turn.ts';
import { NumberItem } from '../simulation/table.ts';

/** How long a call waits in its function, milliseconds. */
const PATIENCE_MS = 20_000;

/** What a key may send. */
export interface Budgets {
  readonly perMinute: number;
  /** @default no limit */
  readonly perDay?: number | undefined;
}

/** The quota. */
export class ToldQuota {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #settings: QuotaSettings;
  readonly #door: NumberItem;
  readonly #places = new Map<string, number>();
  #line: Line = { next: 0, seen: -1, overtaken: 0 };

  constructor(clock: Clock, { perMinute, perDay }: Budgets, random: () => number) {
    this.#clock = clock;
    this.#random = random;
    const none = Number.POSITIVE_INFINITY;
    this.#settings = quotaSettings({ perMinute, perDay: perDay ?? none, perMonth: none }, 0.25);
    this.#door = new NumberItem(newDoor(this.#settings, clock.now()));
  }

  /**
   * Asks to send a request.
   *
   * @param work - by which a place is found again
   * @param hasBegun - whether an earlier request of the same work was admitted
   * @returns seconds to wait before asking again; null if it is admitted
   */
  async ask(work: string, hasBegun: boolean): Promise<number | null> {
    const begun = this.#clock.now();
    for (;;) {
      const place = this.#places.get(work) ?? null;
      const now = this.#clock.now();
      const door = readDoor(this.#settings, this.#door.values);
      const view = { settings: this.#settings, door, line: this.#line };
      const caller = { lane: 'bulk', hasBegun, place, now, random: this.#random() } as const;
      const turn = nextTurn(view, caller);
      if (turn.kind === 'too-long') throw new Error('the line is too long for this test');
      if (turn.kind === 'take-place') this.#places.set(work, this.#takeNumber());
      else if (turn.kind === 'go') {
        this.#go(turn, work, hasBegun, now);
        return null;
      } else if (turn.until - begun > PATIENCE_MS) {
        return Math.ceil((askAgainAt(turn.until, now) - now) / 1000);
      } else await this.#clock.sleep(turn.until - now + 5);
    }
  }

  #go(
    { opening, isOvertaking }: Extract<Turn, { kind: 'go' }>,
    work: string,
    hasBegun: boolean,
    now: number,
  ): void {
    const door = readDoor(this.#settings, this.#door.values);
    const admission = {
      lane: 'bulk',
      now,
      isFirst: !hasBegun,
      isFree: false,
      endsBy: null,
    } as const;
    this.#door.write(admissionWrite(this.#settings, door, opening, admission));
    const place = this.#places.get(work) ?? (isOvertaking ? this.#takeNumber() : null);
    this.#places.delete(work);
    const moved = place === null ? null : progressAt(this.#line, place, isOvertaking);
    if (moved) this.#line = { ...this.#line, ...moved };
  }

  #takeNumber(): number {
    const { next } = this.#line;
    this.#line = { ...this.#line, next: next + 1 };
    return next;
  }
}
