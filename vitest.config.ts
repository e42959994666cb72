import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // A hook may synthesise the stack, which a busy machine takes minutes for.
    hookTimeout: 240_000,
    // CI's machines are noisy: what fails twice is broken.
    retry: process.env.CI ? 1 : 0,
    coverage: {
      provider: 'v8',
      include: ['functions/**/*.ts', 'shared/**/*.ts', 'infra/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
    },
  },
});
