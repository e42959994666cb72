/** One item of numbers, written as DynamoDB does: a write holds if all its conditions do. */
import type { Condition, ConditionalWrite, Numbers } from '../../shared/quota/conditional-write.ts';

/** An item. */
export class NumberItem {
  #values: Numbers;

  constructor(values: Numbers) {
    this.#values = values;
  }

  /** The attributes as they are now. */
  get values(): Numbers {
    return this.#values;
  }

  /** Writes. @returns whether the conditions held */
  write({ set, add, when }: ConditionalWrite): boolean {
    const values = this.#values;
    if (!when.every((condition) => holds(values, condition))) return false;
    const sums = Object.entries(add).map(([name, more]) => [name, (values[name] ?? 0) + more]);
    this.#values = { ...values, ...set, ...Object.fromEntries(sums) };
    return true;
  }
}

function holds(values: Numbers, { attribute, is, value }: Condition): boolean {
  const actual = values[attribute];
  if (actual === undefined) return false;
  if (is === '=') return actual === value;
  return is === '<' ? actual < value : actual <= value;
}
