import { expect, test } from 'vitest';
import { checkNodeVersion } from '../../src/lambda/node-version.ts';

test.each(['24.0.0', '24.21.0', '100.1.0'])('accepts %s', (version) => {
  expect(() => checkNodeVersion(version)).not.toThrow();
});

test.each(['8.17.0', '20.20.2', '22.15.0'])('refuses %s', (version) => {
  expect(() => checkNodeVersion(version)).toThrow(
    `functions need Node.js 24, not ${version}; run this with npm, which provides it`,
  );
});
