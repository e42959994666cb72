/** Runs the example in the README. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..');

it('prints what the README says', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const code = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const promised = /console\.log\(.*\); \/\/ (.*)/.exec(code)?.[1];
  const args = ['--input-type=module-typescript', '--eval', code];
  const printed = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect(printed.trim()).toBe(promised);
});
