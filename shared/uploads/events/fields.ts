/** Fields that the two forms of S3 events share; what is absent, null or empty is null. */
import * as z from 'zod/mini';

/** A bucket's name, in a Region's old form too. */
export const bucketName = z.string().check(z.regex(/^[A-Za-z0-9._-]{3,255}$/));

/** A text, or null. */
export const optionalText = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((text) => text || null),
);

/** Bytes, or null: events of deletions have none, and those of MinIO none for an empty object. */
export const size = z.pipe(
  z.optional(z.nullable(z.int().check(z.nonnegative()))),
  z.transform((bytes) => bytes ?? null),
);
