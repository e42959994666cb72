/** Files, as in `GET /files/{id}`. */
import { fileResults, statsOf } from '../world/engines.ts';
import type { KnownFile } from '../world/files.ts';
import type { Verdict } from '../world/verdict.ts';
import { linkTo } from './links.ts';

/**
 * Returns the object of a file.
 *
 * @param origin - of this simulator
 * @param reportDate - epoch seconds; null before the first report
 */
export function fileObject(origin: string, file: KnownFile, reportDate: number | null) {
  const { md5, sha1, sha256, size, names } = file;
  return {
    id: sha256,
    type: 'file',
    links: { self: linkTo(origin, 'files', sha256) },
    attributes: {
      md5,
      sha1,
      sha256,
      size,
      ...typeOf(file.verdict),
      ...fingerprintsOf(sha256),
      names: [...names],
      meaningful_name: names[0] ?? sha256,
      tags: [],
      reputation: file.verdict === 'clean' ? 0 : -50,
      total_votes: { harmless: 0, malicious: file.verdict === 'clean' ? 0 : 7 },
      times_submitted: file.timesSubmitted,
      unique_sources: 1,
      first_submission_date: file.firstSubmitted,
      last_submission_date: file.lastSubmitted,
      last_modification_date: reportDate ?? file.lastSubmitted,
      ...(reportDate === null ? {} : reportOf(file.verdict, reportDate)),
    },
  };
}

function typeOf(verdict: Verdict) {
  return {
    type_description: 'Text',
    type_tag: 'text',
    type_tags: ['document', 'text'],
    type_extension: 'txt',
    magika: 'TXT',
    magic: verdict === 'eicar' ? 'EICAR virus test files' : 'ASCII text',
  };
}

/** Invented from the SHA-256, in the form of real ones; similar files do not have similar values. */
function fingerprintsOf(sha256: string) {
  return {
    ssdeep: `3:${sha256.slice(0, 20)}:${sha256.slice(20, 32)}`,
    tlsh: `T1${sha256.toUpperCase()}000000`,
    vhash: sha256.slice(32),
    trid: [{ file_type: 'file seems to be plain text/ASCII', probability: 0 }],
  };
}

function reportOf(verdict: Verdict, date: number) {
  const results = fileResults(verdict, date);
  return {
    last_analysis_date: date,
    last_analysis_results: results,
    last_analysis_stats: statsOf(results, 'file'),
    ...(verdict === 'clean' ? {} : threatOf(verdict)),
  };
}

/** A file has a classification only if many engines detect it. */
function threatOf(verdict: Verdict) {
  if (verdict === 'suspicious') return {};
  const [category, name] = verdict === 'eicar' ? ['virus', 'eicar'] : ['trojan', 'simulated'];
  const sandbox = 'Simulated Sandbox';
  return {
    sandbox_verdicts: {
      [sandbox]: {
        category: 'malicious',
        confidence: 100,
        malware_classification: ['MALWARE', category.toUpperCase()],
        sandbox_name: sandbox,
      },
    },
    popular_threat_classification: {
      suggested_threat_label: `${category}.${name}/test`,
      popular_threat_category: [{ value: category, count: 20 }],
      popular_threat_name: [
        { value: name, count: 30 },
        { value: 'test', count: 12 },
      ],
    },
  };
}
