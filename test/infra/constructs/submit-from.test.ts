import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { VirusTotalConnector } from '../../../infra/constructs/virustotal-connector.ts';
import { submitFile } from '../../../shared/operations/catalogue.ts';
import { propertiesOf, statementsOf } from '../synthesise.ts';

let template: Template;

beforeAll(() => {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Other');
  const queue = new Queue(stack, 'Events', { visibilityTimeout: Duration.minutes(90) });
  const connector = new VirusTotalConnector(stack, 'VirusTotalConnector');
  connector.submitFrom(queue);
  const bucket = new Bucket(stack, 'Uploads');
  connector.readFrom(bucket);
  const destination = new LambdaDestination(connector.functionOf(submitFile));
  bucket.addEventNotification(EventType.OBJECT_CREATED, destination);
  template = Template.fromStack(stack);
});

describe('submitFrom', () => {
  it('gives the messages of the queue to SubmitFile, which answers for each of them', () => {
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Events'), 'Arn'] },
      FunctionName: { Ref: Match.stringLikeRegexp('^VirusTotalConnectorSubmitFile') },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BatchSize: 10,
    });
  });

  it('may delay and resend messages of that queue only', () => {
    const ofQueue = statementsOf(template, 'SubmitFile').filter((one: { Action: unknown }) =>
      JSON.stringify(one.Action).includes('sqs:'),
    );
    const actions = ofQueue.flatMap((one: { Action: string | string[] }) => one.Action);
    expect(actions).toEqual(
      expect.arrayContaining([
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ]),
    );
    // And to leave in the dead-letter queue what failed when it was called asynchronously.
    const queues = /^(?:Events|VirusTotalConnectorTriggerDeadLetterQueue)/;
    for (const { Resource } of ofQueue) {
      expect(Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(queues), 'Arn'] });
    }
  });
});

describe('a bucket that notifies the function itself', () => {
  it('may invoke it, and may be read', () => {
    const [permission] = Object.values(
      template.findResources('AWS::Lambda::Permission', {
        Properties: { Principal: 's3.amazonaws.com' },
      }),
    );
    expect(permission?.Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      SourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^Uploads/), 'Arn'] },
    });
    expect(JSON.stringify(statementsOf(template, 'SubmitFile'))).toMatch(/"Uploads\w+","Arn"/);
    expect(propertiesOf(template, 'AWS::DynamoDB::Table', 'StateTable')).toBeDefined();
  });
});
