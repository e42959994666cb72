/** What only a person can check. */

/** One item for a person. */
export interface ManualCheck {
  readonly id: string;
  /** What to do, and what should be seen; Markdown. */
  readonly text: string;
}

export const manualChecks: readonly ManualCheck[] = [
  { id: 'gate', text: '`npm ci && npm run check` passes on your machine.' },
];
