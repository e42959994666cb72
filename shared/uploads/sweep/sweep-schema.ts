/** Inputs of `find-unscanned`: of a sweep, and of one of its batches. */
import * as z from 'zod/mini';

/** Most objects that Step Functions reads from a list. */
const MAX_OBJECTS = 100_000_000;
const MAX_KEY_LENGTH = 1024;

/** An object as Step Functions lists it. */
const listedObject = z.object({
  Key: z.string().check(z.minLength(1)),
  Size: z.int().check(z.nonnegative()),
  /** In quotes. */
  Etag: z.string(),
});

/** An object as Step Functions lists it. */
export type ListedObject = z.infer<typeof listedObject>;

/** Input: of a batch if it has `objects`, otherwise of the whole sweep. */
export const findUnscannedInput = z.strictObject({
  bucket: z
    .string()
    .check(z.minLength(1), z.describe('Name of a bucket whose uploads are scanned.')),
  prefix: z.optional(
    z
      .string()
      .check(
        z.maxLength(MAX_KEY_LENGTH),
        z.describe(`Beginning of the keys, up to ${MAX_KEY_LENGTH} characters.`),
      ),
  ),
  limit: z.optional(
    z
      .int()
      .check(
        z.minimum(1),
        z.maximum(MAX_OBJECTS),
        z.describe(`Number of objects to look at, 1 to ${MAX_OBJECTS}.`),
      ),
  ),
  objects: z.optional(z.array(listedObject).check(z.describe('Objects of a batch.'))),
});

/** Input of a sweep or a batch. */
export type FindUnscannedInput = z.infer<typeof findUnscannedInput>;

/** What is listed when the input names no limit. */
export const NO_LIMIT = MAX_OBJECTS;
