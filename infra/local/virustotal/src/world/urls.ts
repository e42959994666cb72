/** The URLs that the simulated VirusTotal knows. */
import type { Analyses, Analysis } from './analyses.ts';
import { canonicalOfId, urlIdOf } from './canonical.ts';
import type { Verdict } from './verdict.ts';

/** A URL; dates are epoch seconds. */
export interface KnownUrl {
  /** SHA-256 of `url`. */
  readonly id: string;
  /** In canonical form. */
  readonly url: string;
  readonly verdict: Verdict;
  readonly firstSubmitted: number;
  readonly lastSubmitted: number;
  readonly timesSubmitted: number;
  /** Date of the report from before the simulator started, or null. */
  readonly analysedBefore: number | null;
}

export class Urls {
  readonly #analyses: Analyses;
  readonly #byId = new Map<string, KnownUrl>();

  constructor(analyses: Analyses) {
    this.#analyses = analyses;
  }

  /** Adds a URL, in canonical form, that already has a report. */
  know(url: string, verdict: Verdict, analysedBefore: number): KnownUrl {
    return this.#keep({
      id: urlIdOf(url),
      url,
      verdict,
      firstSubmitted: analysedBefore,
      lastSubmitted: analysedBefore,
      timesSubmitted: 1,
      analysedBefore,
    });
  }

  /** Adds a submitted URL, in canonical form, and starts or joins its analysis. */
  submit(url: string, verdict: Verdict): Analysis {
    const id = urlIdOf(url);
    const analysis = this.analyse(id);
    const known = this.#byId.get(id);
    this.#keep({
      id,
      url,
      verdict,
      firstSubmitted: known?.firstSubmitted ?? analysis.epoch,
      lastSubmitted: analysis.epoch,
      timesSubmitted: (known?.timesSubmitted ?? 0) + 1,
      analysedBefore: known?.analysedBefore ?? null,
    });
    return analysis;
  }

  /** Starts or joins an analysis, whose id is `u-<SHA-256>-<epoch>`, as recorded. */
  analyse(id: string): Analysis {
    return this.#analyses.start('url', id, (epoch) => `u-${id}-${epoch}`);
  }

  /** @param id - SHA-256 of the canonical URL, or unpadded base64url of any spelling */
  find(id: string): KnownUrl | undefined {
    const bySha256 = this.#byId.get(id.toLowerCase());
    if (bySha256) return bySha256;
    const url = canonicalOfId(id);
    return url === null ? undefined : this.#byId.get(urlIdOf(url));
  }

  /** Returns the date of the current report, or null before the first report. */
  reportDateOf({ id, analysedBefore }: KnownUrl): number | null {
    return this.#analyses.lastCompleted('url', id) ?? analysedBefore;
  }

  #keep(url: KnownUrl): KnownUrl {
    this.#byId.set(url.id, url);
    return url;
  }
}
