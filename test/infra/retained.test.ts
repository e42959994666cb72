/** What stays when the stack is deleted, or a resource is taken out of it. */
import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { synthesise } from './synthesise.ts';

const settings = {
  'the defaults': {},
  quarantine: { quarantine: true, denyUntilVerdict: true },
  'keys, and the account’s logging role': {
    uploadBucketKmsKeyArn:
      'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555',
    accountLogRole: 'create',
  },
  'everything imported': {
    uploadBucketName: 'samples-of-ours',
    scanBucketArns: 'arn:aws:s3:::aa1',
  },
};

/** The account's logging role stays even if the deployment fails: the account's settings name it by then. */
const ALWAYS_KEPT = ['AWS::IAM::Role', 'AWS::ApiGateway::Account'];

describe.each(Object.entries(settings))('with %s', (_, context) => {
  let template: Template;
  const resources = () => Object.entries(template.toJSON().Resources).map(toResource);

  it('what is retained outlives the stack, but not the deployment that failed to create it', () => {
    ({ template } = synthesise(context));
    const retained = resources().filter(({ deletion }) => deletion.startsWith('Retain'));
    expect(retained.length).toBeGreaterThan(0);
    for (const { id, type, deletion, replacement } of retained) {
      expect(replacement, id).toBe('Retain');
      expect(deletion, id).toBe(ALWAYS_KEPT.includes(type) ? 'Retain' : 'RetainExceptOnCreate');
    }
  }, 180_000);

  it('every bucket is retained together with its policy', () => {
    const buckets = resources().filter(({ type }) => type === 'AWS::S3::Bucket');
    const policies = resources().filter(({ type }) => type === 'AWS::S3::BucketPolicy');
    expect(policies.map(({ bucket }) => bucket).sort()).toEqual(buckets.map(({ id }) => id).sort());
    for (const { id, deletion } of [...buckets, ...policies]) {
      expect(deletion, id).toBe('RetainExceptOnCreate');
    }
  });
});

function toResource([id, resource]: [string, unknown]) {
  const { Type, DeletionPolicy, UpdateReplacePolicy, Properties } = Object(resource);
  return {
    id,
    type: String(Type),
    deletion: String(DeletionPolicy),
    replacement: String(UpdateReplacePolicy),
    bucket: String(Properties?.Bucket?.Ref),
  };
}
