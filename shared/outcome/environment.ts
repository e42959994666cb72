/** The environment of `record-verdict`, parsed once at module load. */
import * as z from 'zod/mini';

const name = z.string().check(z.minLength(1));
const environmentSchema = z.object({
  REPORT_BUCKET: name,
  EVENT_BUS_NAME: name,
  STATE_TABLE: name,
});

/** What `record-verdict` knows of its surroundings. */
export interface RecordingConfig {
  /** Bucket of full reports. */
  readonly reportBucket: string;
  /** Name of the bus that verdicts are sent to. */
  readonly eventBus: string;
  /** DynamoDB table of records. */
  readonly stateTable: string;
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
  const { REPORT_BUCKET, EVENT_BUS_NAME, STATE_TABLE } = parsed.data;
  return { reportBucket: REPORT_BUCKET, eventBus: EVENT_BUS_NAME, stateTable: STATE_TABLE };
}
