/** What a policy works with, and what it does for callers. */
import type { Budgets } from '../../shared/quota/budgets.ts';
import type { EventQueue } from './event-queue.ts';
import type { Arrival } from './loads.ts';
import type { Tally } from './result.ts';
import type { Upstream } from './upstream.ts';

/** The simulated world. */
export interface World {
  readonly events: EventQueue;
  readonly upstream: Upstream;
  readonly tally: Tally;
  readonly budgets: Budgets;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Part of minute and day that interactive callers have for themselves. */
  readonly share: number;
  /** All that will come: only the central scheduler may look. */
  readonly load: readonly Arrival[];
}

/** Serves callers. */
export interface Policy {
  upload(arrival: Arrival): void;
  lookup(arrival: Arrival): void;
}

/** How long VirusTotal takes to show a new file, milliseconds: then the next look follows. */
export const LOOK_AGAIN_MS = 20_000;

/** From sending to VirusTotal's counting, milliseconds. */
export const wireMs = (random: () => number): number => 40 + random() * 200;

/** From an event to the code of a function: mostly warm, one in ten cold. Milliseconds. */
export const startMs = (random: () => number): number =>
  50 + random() * 400 + (random() < 0.1 ? 700 : 0);

/** How much later than at the second it was told Step Functions goes on, milliseconds. */
export const wakeMs = (random: () => number): number => random() * 300;
