/** The environment of `record-verdict`, parsed once at module load. */
import * as z from 'zod/mini';

const name = z.string().check(z.minLength(1));
const environmentSchema = z.object({
  REPORT_BUCKET: name,
  EVENT_BUS_NAME: name,
  STATE_TABLE: name,
  QUARANTINE_BUCKET: z.optional(name),
});

/** What `record-verdict` knows of its surroundings. */
export interface RecordingConfig {
  /** Bucket of full reports. */
  readonly reportBucket: string;
  /** Name of the bus that verdicts are sent to. */
  readonly eventBus: string;
  /** DynamoDB table of records. */
  readonly stateTable: string;
  /** Bucket that malicious objects are moved to; undefined: they stay. */
  readonly quarantineBucket: string | undefined;
}

/**
 * Reads the configuration.
 *
 * @param environment - usually `process.env`
 * @throws Error that lists every variable that is missing
 */
export function parseRecordingConfig(
  environment: Readonly<Record<string, string | undefined>>,
): RecordingConfig {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const names = parsed.error.issues.map(({ path }) => `${String(path[0])} is missing`);
    throw new Error(`bad environment: ${names.join('; ')}`);
  }
  const { data } = parsed;
  return {
    reportBucket: data.REPORT_BUCKET,
    eventBus: data.EVENT_BUS_NAME,
    stateTable: data.STATE_TABLE,
    quarantineBucket: data.QUARANTINE_BUCKET,
  };
}
