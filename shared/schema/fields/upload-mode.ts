/** How a file is submitted that VirusTotal may know already. */
import * as z from 'zod/mini';

/** How `submit_sample` treats a file that VirusTotal may know already. */
export const uploadMode = z.enum(['always', 'if-unknown', 'never']);
/** How `submit_sample` treats a file that VirusTotal may know already. */
export type UploadMode = z.infer<typeof uploadMode>;
