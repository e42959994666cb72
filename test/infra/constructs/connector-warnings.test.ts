import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { warnOfExposure } from '../../../infra/constructs/connector-warnings.ts';

it.each([
  ['http://vt.example.net', true],
  ['http://127.0.0.1.example.net', true],
  ['http://10.0.0.1', true],
  ['https://vt.example.net', false],
  ['http://127.0.0.1:8080', false],
  ['http://localhost', false],
  ['http://[::1]:8080', false],
])('serverUrl %s: a warning of unencrypted requests is %s', (serverUrl, isWarned) => {
  const stack = new Stack(new App(), 'Stack');
  warnOfExposure(stack, { serverUrl });
  const warnings = Annotations.fromStack(stack).findWarning(
    '*',
    Match.stringLikeRegexp('is plain http'),
  );
  expect(warnings).toHaveLength(isWarned ? 1 : 0);
});
