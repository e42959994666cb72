/** Properties that several types of resources have. CloudFormation takes every number and truth as a text too. */
import * as z from 'zod/mini';

/** A text; what CloudFormation would make one of it is. */
export const text = z.pipe(
  z.union([z.string(), z.number(), z.boolean()]),
  z.transform((value) => String(value)),
);

/** A number. */
export const whole = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^\d+$/))]),
  z.transform(Number),
);

/** A truth. */
export const truth = z.pipe(
  z.union([z.boolean(), z.enum(['true', 'false'])]),
  z.transform((value) => value === true || value === 'true'),
);

/** A property without which one machine runs the same. */
export const withoutEffect = z.optional(z.unknown());
