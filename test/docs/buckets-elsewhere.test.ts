import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { codeBlocksOf, readText } from './markdown.ts';
import { ForwardUploads } from './snippets/forward-uploads.ts';

it('the documented stack is the one that compiles', () => {
  const [shown] = codeBlocksOf(readText('docs/buckets-elsewhere.md'));
  expect(shown?.text).toBe(readText('test/docs/snippets/forward-uploads.ts'));
});

it('the documented stack sends uploads of the bucket to the connector’s bus, with a role of its account', () => {
  const busArn = 'arn:aws:events:eu-central-1:111122223333:event-bus/default';
  const stack = new ForwardUploads(new App(), 'Forward', { bucketName: 'uploads', busArn });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['uploads'] } },
    },
    Targets: [Match.objectLike({ Arn: busArn, RoleArn: Match.anyValue() })],
  });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [{ Action: 'events:PutEvents', Resource: busArn }] },
  });
}, 180_000);
