import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firstDeploymentPage } from '../../../infra/documents/first-deployment.ts';
import { checks } from '../../../infra/verify/checks/all.ts';
import { manualChecks } from '../../../infra/verify/manual-checks.ts';

it('docs/first-deployment.md is current; run npm run first-deployment', async () => {
  const path = join(import.meta.dirname, '../../../docs/first-deployment.md');
  expect(await readFile(path, 'utf8')).toBe(firstDeploymentPage());
});

it('lists every check and everything for a person once', () => {
  const page = firstDeploymentPage();
  for (const { id } of checks) expect(page.split(`- [ ] \`${id}\``)).toHaveLength(2);
  for (const { text } of manualChecks) expect(page.split(`- [ ] ${text}`)).toHaveLength(2);
});
