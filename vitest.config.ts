import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The order of the folders: slow files first, since one that starts last would run alone at the end.
 * The very first makes the assembly that integration and contract tests run.
 */
const order = ['/test/docs/readme', '/test/infra/', '/test/integration/', '/test/contract/'];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = order.findIndex((folder) => moduleId.includes(folder));
      return at < 0 ? order.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // `npm run test:soak`
    exclude: [...configDefaults.exclude, 'test/soak/**'],
    env: {
      // The CDK's own rules take most of a synthesis; `test/infra/validation/cdk-rules.test.ts` checks them.
      CDK_VALIDATION: 'false',
      // Commands that tests start load compiled code, which halves the CPU time of their start.
      NODE_COMPILE_CACHE: join(import.meta.dirname, '.local/compile-cache'),
    },
    setupFiles: ['test/support/hold-log-lines.ts', 'test/support/leave-no-trace.ts'],
    // Files share a process and its modules: a process for each took half of the CPU time.
    isolate: false,
    // One more than cores: many tests wait for processes, clocks and connections.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowestFirst },
    testTimeout: 30_000,
    // A hook may synthesise the stack, which takes minutes on a busy machine.
    hookTimeout: 240_000,
    coverage: {
      provider: 'v8',
      include: ['functions/**/*.ts', 'shared/**/*.ts', 'infra/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
    },
  },
});
