/**
 * The line of bulk callers that wait. A place is a number; it sets nothing aside, so one that is never used
 * costs nothing. How far the line has come moves with each admission, by at most `LEAP`: by the highest place
 * alone, one that comes early would make all later ones come at once; by the count, those that never come would
 * stop the line for ever.
 */

/** The item of the line. */
export interface Line {
  /** Places given. */
  readonly next: number;
  /** How far the line has come: the last place that counts as admitted, -1 for none. */
  readonly seen: number;
  /** How many in a row have overtaken the line since somebody came in turn. */
  readonly overtaken: number;
}

/** Most places by which one admission moves the line; in simulations 10 does best of 1 to 30. */
const LEAP = 10;

/**
 * After so many callers in a row have overtaken, each one doubles the leap: those before are gone. Sooner, a few
 * that are gone would make all others come at once.
 */
const PATIENCE = 4;

/** Most doublings. */
const MOST_DOUBLINGS = 8;

/** The place of work that has begun: it is before all others, and moves the line no further. */
export const BEFORE_ALL = -1;

/** Returns whether somebody is waiting. */
export const isWaitedIn = ({ next, seen }: Line): boolean => next > seen + 1;

/** Returns how many places are given and have not come up. */
export const placesWaiting = ({ next, seen }: Line): number => Math.max(0, next - seen - 1);

/** Returns how many are before a place. */
export const placesBefore = ({ seen }: Line, place: number): number =>
  Math.max(0, place - seen - 1);

/** How far a line has come. */
export type Progress = Pick<Line, 'seen' | 'overtaken'>;

/**
 * Returns how far the line has come once a place is admitted; null if no further.
 *
 * @param isOvertaking - whether those before it have not come although they could
 */
export function progressAt(
  { seen, overtaken }: Line,
  place: number,
  isOvertaking: boolean,
): Progress | null {
  if (place <= seen) return null;
  const doublings = Math.min(Math.max(0, overtaken - PATIENCE), MOST_DOUBLINGS);
  const leap = isOvertaking ? LEAP * 2 ** doublings : LEAP;
  return { seen: Math.min(place, seen + leap), overtaken: isOvertaking ? overtaken + 1 : 0 };
}
