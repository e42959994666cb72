/** The version of the schemas by which VirusTotal's answers are read, as bundles contain it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../shared/virustotal/answers');

/**
 * Returns a hash of the sources. A change that leaves the form of answers as it is changes it too, which costs
 * the answers that are kept: a day's at most.
 *
 * @param directory - with the schemas. @default that of the project
 */
export function answerSchemasVersion(directory = folder): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory).sort()) {
    const text = readFileSync(join(directory, name), 'utf8').replaceAll('\r\n', '\n');
    hash.update(JSON.stringify([name, text]));
  }
  return hash.digest('hex').slice(0, 12);
}
