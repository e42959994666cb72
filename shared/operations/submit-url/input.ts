/** Input of `submit_url`. */
import * as z from 'zod/mini';
import { url } from '../../schema/fields/indicator.ts';

export const submitUrlRequest = z.strictObject({ url });

export type SubmitUrlRequest = z.infer<typeof submitUrlRequest>;
