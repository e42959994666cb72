/** The environment of the functions, parsed once at module load: a bad one fails with the list of all bad variables. */
import * as z from 'zod/mini';
import { uploadMode } from './schema/fields/upload-mode.ts';

/** Which VirusTotal account the key belongs to: `public` lists are asked for only, or `premium` ones too. */
export const tier = z.enum(['public', 'premium']);

/**
 * Longest object that `POST /files` sends within the call, bytes. Of the 28 s that an HTTP answer has, about
 * 4 s go to a cold start, key and S3, and about 8 s to VirusTotal's upload URL and answer; in the other
 * 16 s a modest 2 MB/s sends 32 MB. It is also the longest request that needs no upload URL.
 */
export const HTTP_SUBMISSION_MAX_BYTES = 32_000_000;

const trueOrFalse = z.pipe(
  z.enum(['true', 'false']),
  z.transform((value) => value === 'true'),
);

const environmentSchema = z.object({
  VIRUSTOTAL_SERVER_URL: z._default(z.string(), 'https://www.virustotal.com'),
  VIRUSTOTAL_API_KEY_SECRET_ARN: z.string().check(z.minLength(1)),
  VIRUSTOTAL_VERIFY_SSL: z._default(trueOrFalse, true),
  VIRUSTOTAL_TIER: z._default(tier, 'public'),
  VIRUSTOTAL_UPLOAD: z.optional(uploadMode),
  VIRUSTOTAL_MAX_REPORT_AGE_DAYS: z._default(
    z.pipe(z.string().check(z.regex(/^[0-9]{1,4}$/)), z.transform(Number)),
    30,
  ),
  UPLOAD_BUCKET: z.optional(z.string()),
  STATE_TABLE: z.optional(z.string()),
  SUBMIT_FILE_STATE_MACHINE_ARN: z.optional(z.string()),
  HTTP_SUBMISSION_MAX_BYTES: z._default(
    z.pipe(z.string().check(z.regex(/^[0-9]{1,9}$/)), z.transform(Number)),
    HTTP_SUBMISSION_MAX_BYTES,
  ),
});

/** What a function knows of its surroundings. */
export interface Config {
  /** Server of the VirusTotal API, as configured (see `parseServer`). */
  readonly serverUrl: string;
  /** ARN of the secret that holds the API key. */
  readonly apiKeySecretArn: string;
  /** Whether the server's TLS certificate is verified. */
  readonly verifySsl: boolean;
  /** Which lists are asked for. */
  readonly tier: z.infer<typeof tier>;
  /** How a submission treats a known file when the call does not say; undefined: by the way of calling. */
  readonly upload: z.infer<typeof uploadMode> | undefined;
  /** With `if-unknown`, age in days from which a report is analysed anew. */
  readonly maxReportAgeDays: number;
  /** Bucket of `submit_sample` when the call names none. */
  readonly uploadBucket: string | undefined;
  /** DynamoDB table of claims; needed by S3 events alone. */
  readonly stateTable: string | undefined;
  /** State machine that takes large objects over HTTP; undefined: all are sent within the call. */
  readonly submitFileStateMachineArn: string | undefined;
  /** Longest object that is sent within an HTTP call, bytes. */
  readonly httpSubmissionMaxBytes: number;
}

/**
 * Reads the configuration of a function from its environment variables.
 *
 * @param environment - usually `process.env`; an empty variable counts as absent
 * @throws Error when a variable is missing or malformed; the message lists every one of them
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const got = present[name];
      return `${name} ${got === undefined ? 'is missing' : `has a value that is not allowed: ${JSON.stringify(got)}`}`;
    });
    throw new Error(`bad environment: ${names.join('; ')}`);
  }
  const env = parsed.data;
  return {
    serverUrl: env.VIRUSTOTAL_SERVER_URL,
    apiKeySecretArn: env.VIRUSTOTAL_API_KEY_SECRET_ARN,
    verifySsl: env.VIRUSTOTAL_VERIFY_SSL,
    tier: env.VIRUSTOTAL_TIER,
    upload: env.VIRUSTOTAL_UPLOAD,
    maxReportAgeDays: env.VIRUSTOTAL_MAX_REPORT_AGE_DAYS,
    uploadBucket: env.UPLOAD_BUCKET,
    stateTable: env.STATE_TABLE,
    submitFileStateMachineArn: env.SUBMIT_FILE_STATE_MACHINE_ARN,
    httpSubmissionMaxBytes: env.HTTP_SUBMISSION_MAX_BYTES,
  };
}
