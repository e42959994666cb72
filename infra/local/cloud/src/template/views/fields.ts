/** Schemas of properties. CloudFormation also accepts numbers and booleans as strings. */
import * as z from 'zod/mini';

/** A string; numbers and booleans are converted, as in CloudFormation. */
export const text = z.pipe(
  z.union([z.string(), z.number(), z.boolean()]),
  z.transform((value) => String(value)),
);

/** A non-negative integer. */
export const whole = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^\d+$/))]),
  z.transform(Number),
);

/** A boolean. */
export const truth = z.pipe(
  z.union([z.boolean(), z.enum(['true', 'false'])]),
  z.transform((value) => value === true || value === 'true'),
);

/** A property with no effect on one machine. */
export const withoutEffect = z.optional(z.unknown());
