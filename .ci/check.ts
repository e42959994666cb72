/** The steps of the gate, one after another; the first that fails ends it. `npm run check` runs them. */
import { spawnSync } from 'node:child_process';

/** Each by the name of its npm script, as a developer would call it. */
const steps: readonly (readonly string[])[] = [
  ['run', 'lint'],
  ['run', 'types'],
  ['run', 'openapi', '--', '--check'],
  ['run', 'synth'],
  ['test'],
  ['test', '--workspaces'],
  ['run', 'test:soak'],
  ['start', '--', '--once'],
];

const times: string[] = [];

for (const step of steps) {
  const name = `npm ${step.join(' ')}`;
  console.log(`\n== ${name}`);
  const startedAt = performance.now();
  const { status } = spawnSync('npm', step, { stdio: 'inherit' });
  times.push(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${name}`);
  if (status === 0) continue;
  console.error(`\n${times.join('\n')}\nfailed: ${name}`);
  process.exit(1);
}

console.log(`\n${times.join('\n')}`);
