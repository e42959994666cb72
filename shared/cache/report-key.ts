/** Ids of the items in which answers of VirusTotal are kept. */
import { sha256OfJson } from '../sha256.ts';
import type { Question } from '../virustotal/question.ts';

/** What the ids of all answers begin with. */
const PREFIX = 'report#';

/**
 * Returns the id of an answer.
 *
 * @param version - of the schemas by which it was read, so that a later release never reads another form
 */
export function reportKey(version: string, { template, id, query }: Question): string {
  return `${PREFIX}${version}#${template}#${sha256OfJson([id, query])}`;
}

/** Returns the ids of the items that say when the object of an answer was last submitted. */
export function submissionKeys(version: string, question: Question): string[] {
  const { template, submittedAs } = question;
  return submittedAs.map((id) => reportKey(version, { template, id, query: {}, submittedAs: [] }));
}
