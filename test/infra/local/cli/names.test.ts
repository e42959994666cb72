import { expect, it } from 'vitest';
import { playbookName, shortName } from '../../../../infra/local/cli/names.ts';

it.each([
  ['VirusTotalConnector-PlaybooksScanUploadStateMachine0E6F1A2B-ABCDEFGHIJKL', 'ScanUpload'],
  ['VirusTotalConnector-FD41AC82-SubmitFile', 'SubmitFile'],
  ['arn:aws:states:us-east-1:000000000000:stateMachine:X-FD41AC82-SubmitFile', 'SubmitFile'],
  ['of-another-stack-2', 'of-another-stack-2'],
])('returns the playbook of %s: %s', (machine, name) => {
  expect(playbookName(machine)).toBe(name);
});

it('removes the stack name and the hash from a logical id', () => {
  expect(shortName('VirusTotalConnectorSubmitFileFunction2F44D4B9')).toBe('SubmitFile');
});
