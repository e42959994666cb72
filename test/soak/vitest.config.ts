/** Tests that need a quiet machine: a fast clock shortens waits, but no work. They gate nothing. */
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['test/soak/**/*.soak.ts'] } });
