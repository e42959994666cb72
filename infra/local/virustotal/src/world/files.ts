/** The files that the simulated VirusTotal knows. */
import type { Analyses, Analysis } from './analyses.ts';
import type { Digests, SeenContent } from './digests.ts';
import { type Verdict, verdictOfFile } from './verdict.ts';

/** A file; dates are epoch seconds. */
export interface KnownFile extends Digests {
  /** Bytes. */
  readonly size: number;
  readonly verdict: Verdict;
  readonly names: readonly string[];
  readonly firstSubmitted: number;
  readonly lastSubmitted: number;
  readonly timesSubmitted: number;
  /** Date of the report from before the simulator started, or null. */
  readonly analysedBefore: number | null;
}

/** All files, by any of their three digests. */
export class Files {
  readonly #analyses: Analyses;
  readonly #bySha256 = new Map<string, KnownFile>();
  readonly #sha256By = new Map<string, string>();

  constructor(analyses: Analyses) {
    this.#analyses = analyses;
  }

  /** Adds a file that already has a report. */
  know(content: SeenContent, names: readonly string[], analysedBefore: number): KnownFile {
    return this.#keep({
      ...identityOf(content),
      names,
      firstSubmitted: analysedBefore,
      lastSubmitted: analysedBefore,
      timesSubmitted: 1,
      analysedBefore,
    });
  }

  /** Adds a submitted file, and starts or joins its analysis. */
  submit(content: SeenContent, name: string): Analysis {
    const analysis = this.analyse(content);
    const known = this.find(content.sha256);
    this.#keep({
      ...identityOf(content),
      names: [...new Set([...(known?.names ?? []), name])],
      firstSubmitted: known?.firstSubmitted ?? analysis.epoch,
      lastSubmitted: analysis.epoch,
      timesSubmitted: (known?.timesSubmitted ?? 0) + 1,
      analysedBefore: known?.analysedBefore ?? null,
    });
    return analysis;
  }

  /** Starts or joins an analysis, whose id is the base64 of `md5:epoch`, as recorded. */
  analyse({ md5, sha256 }: Digests): Analysis {
    return this.#analyses.start('file', sha256, (epoch) =>
      Buffer.from(`${md5}:${epoch}`).toString('base64'),
    );
  }

  /** @param digest - MD5, SHA-1 or SHA-256 in any case */
  find(digest: string): KnownFile | undefined {
    const key = digest.toLowerCase();
    return this.#bySha256.get(this.#sha256By.get(key) ?? key);
  }

  /** Returns the date of the current report, or null before the first report. */
  reportDateOf({ sha256, analysedBefore }: KnownFile): number | null {
    return this.#analyses.lastCompleted('file', sha256) ?? analysedBefore;
  }

  #keep(file: KnownFile): KnownFile {
    this.#bySha256.set(file.sha256, file);
    this.#sha256By.set(file.md5, file.sha256).set(file.sha1, file.sha256);
    return file;
  }
}

function identityOf(content: SeenContent) {
  const { md5, sha1, sha256, size } = content;
  return { md5, sha1, sha256, size, verdict: verdictOfFile(content) };
}
