/** How many events the history of an execution can have at most, computed from its definition. */
import { isRecord, readWorkflow, type State, type Workflow } from '@local/cloud/step-functions';

/** How much trouble to reckon with. */
export interface Trouble {
  /** Items of a Map. */
  readonly items: number;
  /**
   * Retries before each quota wait, lookup and success: `all` that the definition allows, or `one`, and all of them
   * once. All of hundreds at each of hundreds of waits would take longer than an execution may.
   */
  readonly retriesPerVisit: 'all' | 'one';
}

/**
 * Counts the events if every call needs all its quota waits and as many retries as the trouble says, and every
 * lookup finds no report. Adds up alternatives, except for calls of one function and the items of a Map.
 */
export function worstHistory({ States: states }: Workflow, trouble: Trouble): number {
  const looks = looksOf(states);
  // Start and end of the execution.
  let events = 2;
  const calls = new Map<string, number>();
  for (const [name, state] of Object.entries(states)) {
    if (state.Type === 'Task') {
      const [lambda = name] = name.split(' by ');
      calls.set(lambda, Math.max(calls.get(lambda) ?? 0, taskEvents(states, name, trouble)));
    } else if (state.Type === 'Map') events += 4 + trouble.items * itemEvents(state, trouble);
    else if (!isPartOfCall(name)) events += 2 * (isInLoop(states, name) ? looks + 1 : 1);
  }
  return sum([...calls.values()]) + events;
}

/** Whether a state is passed at each lookup. */
function isInLoop(states: States, name: string): boolean {
  return reaches(states, name, LOOP) && reaches(states, LOOP, name);
}

const LOOP = 'Wait for analysis';

function reaches(states: States, from: string, to: string): boolean {
  const found = new Set([from]);
  for (const name of found) {
    const state = states[name];
    const catchers = Array.isArray(state?.Catch) ? state.Catch.filter(isRecord) : [];
    const ways = [state, ...choicesOf(state), ...catchers];
    for (const way of ways) for (const next of [way?.Next, way?.Default]) found.add(String(next));
  }
  return found.has(to);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The states of an item; if it begins with a choice of lookups, only the longest of them. */
function itemEvents(state: State, trouble: Trouble): number {
  const { StartAt, States: states } = readWorkflow(state.ItemProcessor);
  const choices = choicesOf(states[StartAt]).map(({ Next }) => String(Next));
  const ways = choices.map((name) => taskEvents(states, name, trouble));
  const others = Object.entries(states)
    .filter(([name]) => !choices.includes(name) && !isPartOfCall(name))
    .map(([name, { Type }]) => (Type === 'Task' ? taskEvents(states, name, trouble) : 2));
  // Start and end of the item.
  return 2 + Math.max(0, ...ways) + sum(others);
}

type States = Workflow['States'];

/** The visits of a task, its quota waits, and the states of an error that is not waited for. */
function taskEvents(states: States, name: string, { retriesPerVisit, items }: Trouble): number {
  const waits = quotaWaitsOf(states, name, items);
  const isLookup = states[LOOP]?.Next === name;
  const visits = waits + (isLookup ? looksOf(states) : 1);
  const retries = retriesOf(states[name]);
  const all = retriesPerVisit === 'all' ? visits * retries : visits + retries;
  // Entered, scheduled, started, ended, exited; and three more for each retry.
  const calls = 5 * visits + 3 * all;
  return calls + 6 * waits + 10;
}

/** States of a call, such as `SubmitFile: Wait for quota`. */
function isPartOfCall(name: string): boolean {
  return name.includes(': ');
}

function retriesOf(state: State | undefined): number {
  const retriers = Array.isArray(state?.Retry) ? state.Retry.filter(isRecord) : [];
  return sum(retriers.map(({ MaxAttempts = 3 }) => Number(MaxAttempts)));
}

/** The limit of the expression that computes the wait: a number, or one that depends on the number of items. */
function quotaWaitsOf(states: States, name: string, items: number): number {
  const expression = String(states[`${name}: Compute quota wait`]?.Output ?? '$most := 0;');
  const [, limit = ''] = /\$most := ([^;]+);/.exec(expression) ?? [];
  const [ofAll, ofItem, ofWait] = limit.match(/\d+/g)?.map(Number) ?? [];
  if (ofAll === undefined) throw new Error(`${name}: no limit in ${limit}`);
  if (ofItem === undefined || ofWait === undefined) return ofAll;
  return Math.floor((Math.floor(ofAll / items) - ofItem) / ofWait);
}

function looksOf(states: States): number {
  const [limit] = choicesOf(states['Polling limit reached?']);
  return Number(limit?.NumericGreaterThanEquals ?? 1);
}

function choicesOf(state: State | undefined): Readonly<Record<string, unknown>>[] {
  return Array.isArray(state?.Choices) ? state.Choices.filter(isRecord) : [];
}
