/** What a check is, and its result. */
import type { CheckContext } from './context.ts';

/** What checks may do to an account; each class is switched on differently. */
export const checkClasses = {
  lookup: 'reads and lookups',
  object: 'objects under verify/, removed again',
  submit: 'publishes a generated text on VirusTotal',
  large: 'publishes large generated files on VirusTotal',
  bucket: 'reads an object of another bucket',
  breaking: 'breaks or locks something for a while',
} as const;

/** A class of checks. */
export type CheckClass = keyof typeof checkClasses;

/** One check. */
export interface Check {
  /** Name on the command line and in reports. */
  readonly id: string;
  /** What it proves, a sentence. */
  readonly proves: string;
  readonly class: CheckClass;
  /** Ids of checks that have to pass first. @default none */
  readonly needs?: readonly string[];
  /** Requests to VirusTotal at most. */
  readonly requests: number;
  /** What stays in the account afterwards. @default nothing but log lines */
  readonly leaves?: string;
  /** What a breaking check does, and for how long; shown before the confirmation. */
  readonly breaks?: string;
  /** Returns why it does not apply to this deployment. @default it applies */
  readonly notFor?: (context: CheckContext) => string | undefined;
  /**
   * Checks.
   *
   * @returns the evidence, in a few words
   * @throws CheckFailure, NotChecked, and errors of clients
   */
  readonly run: (context: CheckContext) => Promise<string>;
}

/** How a check ended. */
export interface CheckResult {
  readonly check: Check;
  readonly status: 'passed' | 'failed' | 'unchecked' | 'skipped';
  /** Evidence, or what was got and expected, or why it was not checked. */
  readonly detail: string;
  readonly seconds: number;
}
