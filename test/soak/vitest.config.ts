import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/soak/**/*.test.ts'],
    setupFiles: ['test/support/hold-log-lines.ts'],
    maxWorkers: '100%',
    hookTimeout: 240_000,
  },
});
