/** The items of the quota in the state table. */
import { type Attributes, numberAttribute, stringAttribute } from '../aws/table/attributes.ts';
import type { Expression, StateStore } from '../aws/table/state-store.ts';
import type { Limits } from '../limits.ts';
import type { ConditionalWrite, Numbers } from '../quota/conditional-write.ts';
import type { Line, Progress } from '../quota/line.ts';
import { readLine } from '../quota/turn.ts';

const DOOR = 'quota#door';
const LINE = 'quota#line';

/** How long a place is kept after its time, milliseconds. */
const KEPT_MS = 7 * 86_400_000;

/** Stands for no limit of a number. */
const exists: Expression = { text: 'attribute_exists(pk)', values: {} };

/** What a caller reads at once. */
export interface QuotaItems {
  /** null before the first request ever. */
  readonly door: Numbers | null;
  readonly line: Line;
  /** The caller's place; null without one. */
  readonly place: number | null;
}

/** The items. @throws UpstreamUnavailableError, UpstreamTimeoutError (from every method) */
export class QuotaTable {
  readonly #store: StateStore;

  constructor(store: StateStore) {
    this.#store = store;
  }

  /** Reads door, line and place as they are now. */
  async read(work: string | null, now: number, limits: Limits): Promise<QuotaItems> {
    const ids = [DOOR, LINE, ...(work === null ? [] : [placeId(work)])];
    const items = await this.#store.getAll(ids, limits);
    const door = items.get(DOOR);
    const place = work === null ? undefined : items.get(placeId(work));
    const isCurrent = Number(place?.expiresAt?.N) * 1000 > now;
    return {
      door: door ? numbersOf(door) : null,
      line: readLine(numbersOf(items.get(LINE) ?? {})),
      place: isCurrent ? Number(place?.place?.N) : null,
    };
  }

  /** Begins the ledger, unless another caller has. */
  async begin(door: Numbers, limits: Limits): Promise<void> {
    const item = { pk: stringAttribute(DOOR), ...attributesOf(door) };
    await this.#store.put(item, { text: 'attribute_not_exists(pk)', values: {} }, limits);
  }

  /** Writes to the door. @returns whether the conditions held */
  writeDoor(write: ConditionalWrite, limits: Limits): Promise<boolean> {
    const { change, condition } = expressionsOf(write);
    return this.#store.update(DOOR, change, condition, limits);
  }

  /** Takes a number of the line. */
  async takeNumber(limits: Limits): Promise<number> {
    return (await this.#store.increment(LINE, 'next', limits)) - 1;
  }

  /** Moves the line, unless it has come further. */
  async moveLine({ seen, overtaken }: Progress, limits: Limits): Promise<void> {
    const change = {
      text: 'SET seen = :seen, overtaken = :overtaken',
      values: { ':seen': numberAttribute(seen), ':overtaken': numberAttribute(overtaken) },
    };
    const isBehind = {
      text: 'attribute_not_exists(seen) OR seen < :now',
      values: { ':now': numberAttribute(seen) },
    };
    await this.#store.update(LINE, change, isBehind, limits);
  }

  /**
   * Keeps a place until it is asked for again.
   *
   * @param until - when its turn is expected, epoch milliseconds
   * @returns whether it is kept: another caller for the same work may have kept its own
   */
  keepPlace(
    work: string,
    place: number,
    until: number,
    now: number,
    limits: Limits,
  ): Promise<boolean> {
    const item = {
      pk: stringAttribute(placeId(work)),
      place: numberAttribute(place),
      expiresAt: numberAttribute(Math.ceil((until + KEPT_MS) / 1000)),
    };
    const isFree = {
      text: 'attribute_not_exists(pk) OR expiresAt <= :now OR place = :place',
      values: { ':now': numberAttribute(now / 1000), ':place': numberAttribute(place) },
    };
    return this.#store.put(item, isFree, limits);
  }

  /** Forgets a place whose work is done. */
  async forgetPlace(work: string, limits: Limits): Promise<void> {
    await this.#store.remove(placeId(work), exists, limits);
  }
}

const placeId = (work: string) => `quota#place#${work}`;

/** Writes a conditional write as DynamoDB's expressions. Every attribute has a placeholder: some are reserved. */
function expressionsOf({ set, add, when }: ConditionalWrite) {
  const sets = Object.entries(set).map(([name, value], index) => ({
    text: `#${name} = :s${index}`,
    name,
    value: [`:s${index}`, value] as const,
  }));
  const adds = Object.entries(add).map(([name, value], index) => ({
    text: `#${name} :a${index}`,
    name,
    value: [`:a${index}`, value] as const,
  }));
  const conditions = when.map(({ attribute: name, is, value }, index) => ({
    text: `#${name} ${is} :w${index}`,
    name,
    value: [`:w${index}`, value] as const,
  }));
  const clause = (word: string, parts: readonly { text: string }[]) =>
    parts.length === 0 ? [] : [`${word} ${parts.map(({ text }) => text).join(', ')}`];
  const change = [...clause('SET', sets), ...clause('ADD', adds)].join(' ');
  return {
    change: { text: change, ...placeholders([...sets, ...adds]) },
    condition: {
      text: conditions.map(({ text }) => text).join(' AND '),
      ...placeholders(conditions),
    },
  };
}

function placeholders(
  parts: readonly { readonly name: string; readonly value: readonly [string, number] }[],
) {
  return {
    names: Object.fromEntries(parts.map(({ name }) => [`#${name}`, name])),
    values: Object.fromEntries(parts.map(({ value: [key, n] }) => [key, numberAttribute(n)])),
  };
}

function numbersOf(item: Attributes): Numbers {
  const numbers = Object.entries(item).flatMap(([name, { N }]) =>
    N === undefined ? [] : [[name, Number(N)] as const],
  );
  return Object.fromEntries(numbers);
}

function attributesOf(numbers: Numbers): Attributes {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, numberAttribute(value)]),
  );
}
