/** Input of `quota`. */
import * as z from 'zod/mini';

export const quotaRequest = z.strictObject({});

export type QuotaRequest = z.infer<typeof quotaRequest>;
