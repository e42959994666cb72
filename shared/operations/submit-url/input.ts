/** Input of `submit_url`. */
import * as z from 'zod/mini';
import { url } from '../../schema/fields/indicator.ts';

/** Input of `submit_url`. */
export const submitUrlRequest = z.strictObject({ url });

/** Input of `submit_url`. */
export type SubmitUrlRequest = z.infer<typeof submitUrlRequest>;
