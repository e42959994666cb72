import { defineConfig } from 'vitest/config';

/** The tests of the code that `npm run mutate` changes. */
export default defineConfig({
  test: {
    root: process.cwd(),
    include: [
      'test/shared/{operations,verdict,indicators,uploads}/**/*.test.ts',
      'test/functions/submit-file-*.test.ts',
    ],
    setupFiles: ['test/support/hold-log-lines.ts'],
    testTimeout: 60_000,
  },
});
