/** Fields of the requests that take what a caller may write and yield a parsed indicator. */
import * as z from 'zod/mini';
import { InvalidIndicator } from '../../indicators/invalid.ts';

/**
 * A field whose text is parsed.
 *
 * @param parse - of an indicator; throws InvalidIndicator
 * @param allowed - in words, for messages and documents alike
 * @param maxLength - characters
 */
export function parsed<T>(parse: (text: string) => T, allowed: string, maxLength: number) {
  const field = z.string().check(z.minLength(1), z.maxLength(maxLength), z.describe(allowed));
  return z
    .pipe(
      field,
      z.transform((text: string, context): T => {
        try {
          return parse(text);
        } catch (error) {
          if (!(error instanceof InvalidIndicator)) throw error;
          context.issues.push({ code: 'custom', message: error.message, input: text });
          return z.NEVER;
        }
      }),
    )
    .check(z.describe(allowed));
}
