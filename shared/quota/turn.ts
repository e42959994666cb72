/** Decides what a caller does next: goes through the door, takes a place in the line, or waits. */
import type { Numbers } from './conditional-write.ts';
import type { Door } from './door.ts';
import { estimateTurn } from './estimate.ts';
import { isWaitedIn, type Line, placesBefore } from './line.ts';
import {
  isOpenToBulk,
  type Lane,
  type Opening,
  planRequest,
  type QuotaRefusal,
  type RefusalReason,
} from './plan.ts';
import type { QuotaSettings } from './settings.ts';

/** With a place that comes up within this time, a caller asks at the door, milliseconds. */
const EARLY_MS = 5 * 60_000;

/** A cell that bulk could use and that has been free for this long shows that those before are gone, milliseconds. */
const IDLE_MS = 5 * 60_000;

/** A line is never longer than this, milliseconds: executions and records are kept for longer. */
const LONGEST_LINE_MS = 60 * 86_400_000;

/** What a caller sees. */
export interface View {
  readonly settings: QuotaSettings;
  readonly door: Door;
  readonly line: Line;
}

/** Who asks, and when. */
export interface Caller {
  readonly lane: Lane;
  /** Whether an earlier request of the same work was admitted: who has begun finishes first. */
  readonly hasBegun: boolean;
  /** Its place in the line; null without one. */
  readonly place: number | null;
  /** Epoch milliseconds. */
  readonly now: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/** What a caller does next. */
export type Turn =
  /** Send; `isOvertaking` if those before have not come although they could: a caller without a place takes one. */
  | { readonly kind: 'go'; readonly opening: Opening; readonly isOvertaking: boolean }
  | { readonly kind: 'take-place' }
  | Wait
  | { readonly kind: 'too-long'; readonly shorterAt: number };

/** Ask again at a time. */
export interface Wait {
  readonly kind: 'wait';
  /** Epoch milliseconds. */
  readonly until: number;
  /** Which budget is closed; `line` if others are before, `crowd` if others were faster again and again. */
  readonly reason: RefusalReason | 'line' | 'crowd';
  /** When that budget opens, epoch milliseconds; for `line` and `crowd`, the same as `until`. */
  readonly opensAt: number;
}

/** Decides. */
export function nextTurn(view: View, caller: Caller): Turn {
  const { lane, place, hasBegun } = caller;
  if (lane === 'interactive' || (hasBegun && place === null)) return atDoor(view, caller);
  return place === null ? withoutPlace(view, caller) : withPlace(view, caller, place);
}

function atDoor(view: View, caller: Caller): Turn {
  const plan = planAt(view, caller);
  return plan.kind === 'open' ? go(plan) : waitFor(plan, plan.until);
}

function withoutPlace(view: View, caller: Caller): Turn {
  const isWaited = isWaitedIn(view.line);
  if (!isWaited || isIdle(view, caller.now)) {
    const plan = planAt(view, caller);
    if (plan.kind === 'open') return go(plan, isWaited);
  }
  const turn = turnOf(view, caller, view.line.next);
  if (turn - caller.now <= LONGEST_LINE_MS) return { kind: 'take-place' };
  return { kind: 'too-long', shorterAt: turn - LONGEST_LINE_MS };
}

function withPlace(view: View, caller: Caller, place: number): Turn {
  const { now } = caller;
  const turn = turnOf(view, caller, place);
  const isEarly = turn - now > EARLY_MS;
  const plan = planAt(view, caller);
  const mayGo = !isEarly || isIdle(view, now);
  if (plan.kind === 'open') return mayGo ? go(plan, isEarly) : waitInLine(turn);
  // A minute is soon over: those before are what this caller waits for.
  return plan.reason === 'minute' && !mayGo
    ? waitInLine(turn)
    : waitFor(plan, Math.max(turn, plan.until));
}

function planAt(
  { settings, door, line }: View,
  { lane, now, random }: Caller,
): Opening | QuotaRefusal {
  const isLineDue = isWaitedIn(line) && isOpenToBulk(settings, door, now);
  return planRequest(settings, door, { lane, now, random, isLineDue });
}

function turnOf({ settings, door, line }: View, { now }: Caller, place: number): number {
  return estimateTurn(settings, door, placesBefore(line, place), now);
}

/** Whether a cell that bulk may use has been free for long although the day is open to bulk. */
function isIdle({ settings, door }: View, now: number): boolean {
  const isUnused = door.cells.slice(settings.ownCells).some((freeAt) => freeAt < now - IDLE_MS);
  return isUnused && planRequest(settings, door, asBulk(now)).kind === 'open';
}

function asBulk(now: number) {
  return { lane: 'bulk', now, isLineDue: false, random: 0 } as const;
}

function go(opening: Opening, isOvertaking = false): Turn {
  return { kind: 'go', opening, isOvertaking };
}

function waitInLine(until: number): Wait {
  return { kind: 'wait', reason: 'line', opensAt: until, until };
}

function waitFor({ reason, until: opensAt }: QuotaRefusal, until: number): Wait {
  return { kind: 'wait', reason, opensAt, until };
}

/** Reads the attributes of a line; an absent item is an empty line. */
export function readLine(item: Numbers): Line {
  return { next: item.next ?? 0, seen: item.seen ?? -1, overtaken: item.overtaken ?? 0 };
}
