/** The version of the schemas by which answers are read. */

/** Written by the bundler: a hash of the sources in `shared/virustotal/answers/` (`infra/bundle/schema-version.ts`). */
declare const ANSWER_SCHEMAS: string | undefined;

/** Of code that is not bundled, which only tests run. */
const NOT_BUNDLED = 'source';

/** Answers that were kept under another version are not read: their form may be another. */
export const schemaVersion = typeof ANSWER_SCHEMAS === 'string' ? ANSWER_SCHEMAS : NOT_BUNDLED;
