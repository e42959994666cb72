/** How to submit a file that VirusTotal may already know. */
import * as z from 'zod/mini';

/** The modes of `submit_sample`. */
export const uploadMode = z.enum(['always', 'if-unknown', 'never']);
/** One of the modes of `submit_sample`. */
export type UploadMode = z.infer<typeof uploadMode>;
