/** How a check can end without success, and expectations that end it so. */

/** The deployment is not as it should be. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
}

/** Nothing was proved: something outside of the deployment is missing. */
export class NotChecked extends Error {
  override readonly name = 'NotChecked';
}

/** The check does not apply to this deployment. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

/**
 * Expects a value.
 *
 * @param what - names it in the failure
 * @throws CheckFailure
 */
export function expectEqual(what: string, got: unknown, expected: unknown): void {
  const [actual, wanted] = [got, expected].map(shown);
  if (actual !== wanted) throw new CheckFailure(`${what}: got ${actual}; expected ${wanted}`);
}

/** Returns a value as short text for a message. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}
