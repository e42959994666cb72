/** Describes a write to an item of numbers that holds only if what it rests on has not changed. */

/** The attributes of an item. */
export type Numbers = Readonly<Record<string, number>>;

/** What must be true of an attribute. */
export interface Condition {
  readonly attribute: string;
  readonly is: '=' | '<' | '<=';
  readonly value: number;
}

/** A write to one item. */
export interface ConditionalWrite {
  /** New values. */
  readonly set: Numbers;
  /** What is added to attributes; an absent one counts as 0. */
  readonly add: Numbers;
  /** All of them must hold; a limit that is infinite is no condition. */
  readonly when: readonly Condition[];
}

/** The attribute still has the value that was read. */
export function unchanged(attribute: string, value: number): Condition {
  return { attribute, is: '=', value };
}

/** The attribute is below the limit; no condition if the limit is infinite. */
export function below(attribute: string, value: number): Condition[] {
  return value === Number.POSITIVE_INFINITY ? [] : [{ attribute, is: '<', value }];
}
