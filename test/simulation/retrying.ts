/** Policies that keep no account: they send, and wait when they are refused. */
import { DAY_MS, dayOf } from '../../shared/quota/calendar.ts';
import type { Arrival } from './loads.ts';
import { LOOK_AGAIN_MS, type Policy, startMs, type World, wireMs } from './policy.ts';

/** A refusal. */
interface Refused {
  /** Refusals of this request so far. */
  readonly count: number;
  readonly budget: 'minute' | 'day' | 'month';
  readonly now: number;
  readonly random: () => number;
}

/** Returns how long to wait, milliseconds; null to give up. */
type Patience = (refused: Refused) => number | null;

/** 60 s, doubled up to an hour, full jitter, for ever. */
export const backoff: Patience = ({ count, random }) =>
  random() * Math.min(DAY_MS / 24, 60_000 * 2 ** count);

/** The connector as it was: to the reset that the account shows, and 5 s longer at each wait. */
export const asItWas: Patience = ({ count, budget, now, random }) => {
  const toMidnight = (dayOf(now) + 1) * DAY_MS - now;
  const named = { minute: 60_000, day: toMidnight, month: DAY_MS }[budget];
  return named + 5_000 * count + startMs(random);
};

/** The rule of n8n's node: 60 s, twice, then an error. */
export const givingUp: Patience = ({ count }) => (count < 2 ? 60_000 : null);

/** Sends, and waits as its patience says. */
export class Retrying implements Policy {
  readonly #world: World;
  readonly #patience: Patience;

  constructor(world: World, patience: Patience) {
    this.#world = world;
    this.#patience = patience;
  }

  upload({ looks, at }: Arrival): void {
    const { tally, events } = this.#world;
    tally.uploadComes();
    let waits = 0;
    const step = (looksLeft: number) =>
      this.#send({
        waited: () => {
          waits += 1;
        },
        givenUp: () => tally.uploadIsLost(),
        done: () => {
          if (looksLeft === 0) tally.uploadEnds(events.now, waits);
          else events.after(LOOK_AGAIN_MS, () => step(looksLeft - 1));
        },
      });
    events.at(at, () => step(looks));
  }

  lookup({ at }: Arrival): void {
    const { tally, events } = this.#world;
    this.#send({
      waited: () => {},
      givenUp: () => {},
      done: () => tally.lookupWaits.push(events.now - at),
    });
  }

  #send(call: { waited(): void; givenUp(): void; done(): void }, count = 0): void {
    const { events, upstream, random } = this.#world;
    events.after(wireMs(random), () => {
      const budget = upstream.ask(events.now);
      if (!budget) {
        call.done();
        return;
      }
      const wait = this.#patience({ count, budget, now: events.now, random });
      if (wait === null) {
        call.givenUp();
        return;
      }
      call.waited();
      events.after(wait, () => this.#send(call, count + 1));
    });
  }
}
