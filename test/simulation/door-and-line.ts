/** The connector: the deployed pure core, with delays of a table, of functions and of Step Functions. */
import { type Admission, admissionWrite, giveBackWrite } from '../../shared/quota/admission.ts';
import {
  blockedUntil,
  blockWrite,
  probeEndedWrite,
  prolongBlockWrite,
} from '../../shared/quota/block.ts';
import { type Door, newDoor, readDoor } from '../../shared/quota/door.ts';
import { askWrite, isTimeToAsk, learnWrite } from '../../shared/quota/learn.ts';
import { type Line, progressAt } from '../../shared/quota/line.ts';
import type { Lane } from '../../shared/quota/plan.ts';
import { GRANT_MS, type QuotaSettings, quotaSettings } from '../../shared/quota/settings.ts';
import { askAgainAt } from '../../shared/quota/tell.ts';
import { nextTurn, type Turn } from '../../shared/quota/turn.ts';
import type { Arrival } from './loads.ts';
import { LOOK_AGAIN_MS, type Policy, startMs, type World, wakeMs, wireMs } from './policy.ts';
import { NumberItem } from './table.ts';

/** How the connector is simulated. */
export interface ConnectorOptions {
  /** Largest error of a clock, milliseconds. */
  readonly skewMs?: number;
  /** Whether it knows the account's user, and so asks for its quotas. */
  readonly learns?: boolean;
}

/** How long a call waits in its function, milliseconds. */
const PATIENCE_MS: Readonly<Record<Lane, number>> = { interactive: 5_000, bulk: 20_000 };

interface Call {
  readonly lane: Lane;
  readonly arrival: Arrival;
  looksLeft: number;
  hasBegun: boolean;
  place: number | null;
  waits: number;
  /** When this invocation began. */
  since: number;
}

/** The connector. */
export class DoorAndLine implements Policy {
  readonly #world: World;
  readonly #options: Required<ConnectorOptions>;
  readonly #settings: QuotaSettings;
  readonly #door: NumberItem;
  #line: Line = { next: 0, seen: -1, overtaken: 0 };

  constructor(world: World, { skewMs = 500, learns = true }: ConnectorOptions = {}) {
    this.#world = world;
    this.#options = { skewMs, learns };
    this.#settings = quotaSettings(world.budgets, world.share);
    this.#door = new NumberItem(newDoor(this.#settings, world.events.now));
  }

  upload(arrival: Arrival): void {
    this.#world.tally.uploadComes();
    this.#begin(this.#call('bulk', arrival));
  }

  lookup(arrival: Arrival): void {
    this.#begin(this.#call('interactive', arrival));
  }

  #call(lane: Lane, arrival: Arrival): Call {
    const { looks: looksLeft } = arrival;
    return { lane, arrival, looksLeft, hasBegun: false, place: null, waits: 0, since: 0 };
  }

  #begin(call: Call): void {
    call.since = this.#world.events.now;
    this.#ask(call);
  }

  /** Reads the table, decides, and does what is decided. */
  #ask(call: Call): void {
    const { events, random, tally } = this.#world;
    const { stoppedAt } = call.arrival;
    if (stoppedAt !== undefined && events.now >= stoppedAt) {
      tally.uploadIsLost();
      return;
    }
    const clock = events.now + (random() * 2 - 1) * this.#options.skewMs;
    const view = { settings: this.#settings, door: this.#read(), line: this.#line };
    const turn = nextTurn(view, { ...call, now: clock, random: random() });
    if (turn.kind === 'go') this.#write(call, turn, view.door, clock);
    else if (turn.kind === 'wait') this.#wait(call, turn.reason, turn.until - clock);
    else if (turn.kind === 'too-long') this.#leave(call, 'line', turn.shorterAt - clock);
    else {
      tally.writes += 1;
      call.place = this.#takeNumber();
      this.#ask(call);
    }
  }

  #wait(call: Call, reason: string, waitMs: number): void {
    const { events } = this.#world;
    if (waitMs + events.now - call.since < PATIENCE_MS[call.lane]) {
      events.after(Math.max(1, waitMs) + 5, () => this.#ask(call));
    } else this.#leave(call, reason, waitMs);
  }

  #read() {
    return readDoor(this.#settings, this.#door.values);
  }

  #takeNumber(): number {
    const { next } = this.#line;
    this.#line = { ...this.#line, next: next + 1 };
    return next;
  }

  /** The write arrives later than the plan was made, and seldom much later. */
  #write(
    call: Call,
    { opening, isOvertaking }: Extract<Turn, { kind: 'go' }>,
    door: Door,
    clock: number,
  ): void {
    const { events, random, tally } = this.#world;
    const { lane, hasBegun } = call;
    const admission = { lane, now: clock, isFirst: !hasBegun, isFree: false, endsBy: null };
    const write = admissionWrite(this.#settings, door, opening, admission);
    const delay = 5 + random() * 20 + (random() < 0.001 ? random() * 1_500 : 0);
    events.after(delay, () => {
      tally.writes += 1;
      const isHeld = this.#door.write(write);
      if (!isHeld || delay > GRANT_MS) {
        if (isHeld) this.#door.write(giveBackWrite(this.#settings, door, opening, admission));
        this.#ask(call);
        return;
      }
      const place = isOvertaking ? (call.place ?? this.#takeNumber()) : call.place;
      const progress = place === null ? null : progressAt(this.#line, place, isOvertaking);
      if (progress) this.#line = { ...this.#line, ...progress };
      this.#send(call, door, admission);
    });
  }

  #send(call: Call, before: Door, admission: Admission): void {
    const { events, random, upstream } = this.#world;
    events.after(wireMs(random), () => {
      if (upstream.ask(events.now)) {
        this.#refused(call, before);
        return;
      }
      if (before.strikes > 0) {
        this.#door.write(probeEndedWrite(this.#settings, before, admission, true));
      }
      const isTime = isTimeToAsk(this.#settings, this.#read(), events.now);
      if (this.#options.learns && isTime) this.#learn(before);
      this.#answered(call);
    });
  }

  #refused(call: Call, before: Door): void {
    const { events } = this.#world;
    const spent = this.#options.learns ? this.#learn(before) : undefined;
    const refusal = { now: events.now, retryAfterMs: null, spent };
    const until = blockedUntil(this.#settings, before, refusal);
    const isFirst = this.#door.write(blockWrite(before, until));
    if (!isFirst) this.#door.write(prolongBlockWrite(until));
    this.#leave(call, 'blocked', until - events.now);
  }

  /** Asks the account. @returns which of its budgets is spent */
  #learn(before: Door): 'day' | 'month' | null {
    const { events, upstream } = this.#world;
    const closed = upstream.closed(events.now);
    const { usedDay, usedMonth } = upstream;
    this.#door.write(askWrite(this.#read(), events.now));
    const account = { usedDay, usedMonth };
    const question = { askedAt: events.now, before };
    this.#door.write(learnWrite(this.#settings, this.#read(), account, question));
    return closed === 'minute' ? null : closed;
  }

  #answered(call: Call): void {
    const { events, random, tally } = this.#world;
    call.place = null;
    if (call.lane === 'interactive') {
      tally.lookupWaits.push(events.now - call.arrival.at);
      return;
    }
    call.hasBegun = true;
    if (call.looksLeft > 0) {
      call.looksLeft -= 1;
      events.after(LOOK_AGAIN_MS + startMs(random), () => this.#begin(call));
      return;
    }
    tally.uploadEnds(events.now, call.waits);
    if (call.arrival.isFresh) tally.freshWaits.push(events.now - call.arrival.at);
  }

  /** The call ends with an error that says when to come again. */
  #leave(call: Call, reason: string, waitMs: number): void {
    const { events, random, tally } = this.#world;
    const told = askAgainAt(events.now + waitMs, events.now) - events.now;
    const wait = Math.max(1, Math.ceil(told / 1000)) * 1000 + wakeMs(random);
    if (call.lane === 'interactive') {
      events.after(wait, () => this.#begin(call));
      return;
    }
    if (call.waits > 0 && reason !== 'line') tally.inVain += 1;
    if (call.arrival.isAbandoned) {
      tally.uploadIsLost();
      return;
    }
    call.waits += 1;
    if (call.place !== null) tally.writes += 1;
    events.after(wait + startMs(random), () => this.#begin(call));
  }
}
