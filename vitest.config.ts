import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders whose files take longest: begun last, one of them would run alone in the end. */
const slowest = ['/test/integration/', '/test/contract/', '/test/infra/'];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = slowest.findIndex((folder) => moduleId.includes(folder));
      return at < 0 ? slowest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'infra/local/*/test/**/*.test.ts'],
    // By default one core is left idle: of two, that is half.
    maxWorkers: '100%',
    sequence: { sequencer: SlowestFirst },
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
