/**
 * The output schemas, apart from the catalogue: functions import their types only, so that bundles contain
 * no output schema.
 */
import type * as z from 'zod/mini';
import { domainReputationOutput } from './domain-reputation/output.ts';
import { fileReputationOutput } from './file-reputation/output.ts';
import { ipReputationOutput } from './ip-reputation/output.ts';
import { quotaOutput } from './quota/output.ts';
import { submissionStatusOutput } from './submission-status/output.ts';
import { submitFileOutput } from './submit-file/output.ts';
import { submitUrlOutput } from './submit-url/output.ts';
import { urlReputationOutput } from './url-reputation/output.ts';

/** Schema of each operation's output, by the operation's name. */
export const outputs = {
  submit_sample: submitFileOutput,
  submit_url: submitUrlOutput,
  file_reputation: fileReputationOutput,
  ip_reputation: ipReputationOutput,
  domain_reputation: domainReputationOutput,
  url_reputation: urlReputationOutput,
  submission: submissionStatusOutput,
  quota: quotaOutput,
} as const satisfies Readonly<Record<string, z.ZodMiniType>>;

/** Type of `outputs`. */
export type Outputs = typeof outputs;

/** Output of the operation with that name. */
export type OutputOf<Name extends keyof Outputs> = z.infer<Outputs[Name]>;
