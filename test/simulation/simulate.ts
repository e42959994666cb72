/** Runs a load with a policy. */
import type { Budgets } from '../../shared/quota/budgets.ts';
import { DAY_MS } from '../../shared/quota/calendar.ts';
import { dice } from './dice.ts';
import { type ConnectorOptions, DoorAndLine } from './door-and-line.ts';
import { EventQueue } from './event-queue.ts';
import type { Arrival } from './loads.ts';
import type { Policy, World } from './policy.ts';
import { type Result, resultOf, Tally } from './result.ts';
import { asItWas, backoff, givingUp, Retrying } from './retrying.ts';
import { SameShare } from './same-share.ts';
import { Upstream } from './upstream.ts';

/** What a policy is called. */
const policies = {
  'same share': (world: World): Policy => new SameShare(world),
  connector: (world: World, options?: ConnectorOptions): Policy => new DoorAndLine(world, options),
  backoff: (world: World): Policy => new Retrying(world, backoff),
  'as it was': (world: World): Policy => new Retrying(world, asItWas),
  'giving up': (world: World): Policy => new Retrying(world, givingUp),
} as const;

/** Name of a policy. */
export type PolicyName = keyof typeof policies;

/** What to run. */
export interface Run {
  readonly policy: PolicyName;
  readonly load: readonly Arrival[];
  readonly budgets: Budgets;
  readonly seed?: number;
  /** @default 0.25 */
  readonly share?: number;
  readonly connector?: ConnectorOptions;
  /** Requests a day of another user of the same key, which the policy does not see. @default none */
  readonly othersPerDay?: number;
  /** How long at most, days. @default 400 */
  readonly days?: number;
}

/** Runs, and returns the figures. */
export function simulate(run: Run): Result {
  const { load, budgets, seed = 7, share = 0.25, days = 400 } = run;
  const start = load[0]?.at ?? 0;
  const events = new EventQueue(start);
  const upstream = new Upstream(budgets);
  const tally = new Tally(start);
  const world: World = { events, upstream, tally, budgets, random: dice(seed), share, load };
  const policy = policies[run.policy](world, run.connector);
  for (const arrival of load) events.at(arrival.at, () => policy[arrival.kind](arrival));
  const total = load.filter(({ kind }) => kind === 'upload').length;
  const others = { refused: 0 };
  if (run.othersPerDay) {
    addOthers(world, run.othersPerDay, others, () => tally.uploads + tally.lost < total);
  }
  events.run(start + days * DAY_MS);
  return resultOf(run.policy, tally, upstream.refused - others.refused);
}

/** Another user of the key, whose requests come at random. */
function addOthers(
  world: Pick<World, 'events' | 'upstream' | 'random'>,
  perDay: number,
  others: { refused: number },
  goesOn: () => boolean,
): void {
  const { events, upstream, random } = world;
  events.after((-Math.log(1 - random()) * DAY_MS) / perDay, () => {
    if (!goesOn()) return;
    if (upstream.ask(events.now)) others.refused += 1;
    addOthers(world, perDay, others, goesOn);
  });
}
