import { expect, it } from 'vitest';
import { describeObject } from '../../../../shared/aws/s3/object-address.ts';

it.each([
  ['a b+c.txt', undefined, 's3://bucket/a b+c.txt'],
  ['a"b\n\u0001', undefined, 's3://bucket/a\\"b\\n\\u0001'],
  ['é/(1).pdf', 'v.1_', 's3://bucket/é/(1).pdf (version v.1_)'],
])('names %j in one line', (key, versionId, text) => {
  expect(describeObject({ bucket: 'bucket', key, versionId })).toBe(text);
});
