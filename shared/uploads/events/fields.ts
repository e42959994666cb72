/** Fields that both forms of S3 events share; a missing, null or empty one parses to null. */
import * as z from 'zod/mini';

/** A bucket's name, including the old form of us-east-1. */
export const bucketName = z.string().check(z.regex(/^[A-Za-z0-9._-]{3,255}$/));

/** A text, or null. */
export const optionalText = z.pipe(
  z.optional(z.nullable(z.string())),
  z.transform((text) => text || null),
);

/** Bytes, or null: deletion events have no size, and MinIO leaves it out for empty objects. */
export const size = z.pipe(
  z.optional(z.nullable(z.int().check(z.nonnegative()))),
  z.transform((bytes) => bytes ?? null),
);
