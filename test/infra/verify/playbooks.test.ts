/** What `npm run verify` runs of the playbooks. */
import { expect, it } from 'vitest';
import { samples } from '../../../infra/playbooks/samples.ts';
import { trials } from '../../../infra/verify/checks/playbooks.ts';

it('every playbook has a trial, except ScanUpload, which has checks of its scan', () => {
  expect([...Object.keys(trials), 'ScanUpload'].sort()).toEqual(Object.keys(samples).sort());
});
