import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/soak/**/*.test.ts'],
    // As in the root's vitest.config.ts.
    env: { CDK_VALIDATION: 'false' },
    setupFiles: ['test/support/hold-log-lines.ts'],
    maxWorkers: '100%',
    hookTimeout: 240_000,
  },
});
