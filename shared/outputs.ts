/**
 * The outputs of the operations, apart from their catalogue: a function knows its output's type, and need
 * not carry the schema.
 */
import type * as z from 'zod/mini';
import { domainReputationOutput } from './schemas/outputs/domain-reputation.ts';
import { fileReputationOutput } from './schemas/outputs/file-reputation.ts';
import { ipReputationOutput } from './schemas/outputs/ip-reputation.ts';
import { submissionOutput } from './schemas/outputs/submission.ts';
import { submitFileOutput } from './schemas/outputs/submit-file.ts';
import { submitUrlOutput } from './schemas/outputs/submit-url.ts';
import { urlReputationOutput } from './schemas/outputs/url-reputation.ts';

/** Schema of each operation's output, by the operation's name. */
export const outputs = {
  submit_sample: submitFileOutput,
  submit_url: submitUrlOutput,
  file_reputation: fileReputationOutput,
  ip_reputation: ipReputationOutput,
  domain_reputation: domainReputationOutput,
  url_reputation: urlReputationOutput,
  submission: submissionOutput,
} as const satisfies Readonly<Record<string, z.ZodMiniType>>;

/** Schema of each operation's output, by the operation's name. */
export type Outputs = typeof outputs;

/** The output of the operation of that name. */
export type OutputOf<Name extends keyof Outputs> = z.infer<Outputs[Name]>;
