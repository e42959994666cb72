import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { VirusTotalConnector } from '../../../infra/constructs/virustotal-connector.ts';
import { submitFile } from '../../../shared/operations/catalogue.ts';
import { readText } from '../../docs/markdown.ts';
import { propertiesOf, statementsOf } from '../synthesise.ts';

interface Statement {
  readonly Resource: unknown;
}

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
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('lets it receive, hide and delete messages of that queue alone, and send none', () => {
    const ofQueue = statementsOf(template, 'SubmitFile').filter(({ Resource }: Statement) =>
      JSON.stringify(Resource).includes('Events'),
    );
    const actions = ofQueue.flatMap((one: { Action: string | string[] }) => one.Action);
    expect(actions.toSorted()).toEqual([
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ]);
    for (const { Resource } of ofQueue) {
      expect(Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Events/), 'Arn'] });
    }
  });

  it('keeps the event of each execution that could not submit what it took over', () => {
    const [rule, ...others] = Object.values(
      template.findResources('AWS::Events::Rule', {
        Properties: { EventPattern: { detail: { name: [{ prefix: 'queue-' }] } } },
      }),
    );
    expect(others).toEqual([]);
    expect(rule?.Properties).toMatchObject({
      EventPattern: {
        source: ['aws.states'],
        detail: {
          stateMachineArn: [{ Ref: expect.stringMatching(/PlaybooksSubmitFileStateMachine/) }],
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
      Targets: [
        { Arn: { 'Fn::GetAtt': [expect.stringMatching(/TriggerDeadLetterQueue/), 'Arn'] } },
      ],
    });
  });
});

describe('warnings of a queue', () => {
  const good = { visibilityTimeout: Duration.minutes(90), maxReceiveCount: 5 };

  /** Synthesises a queue with these settings. @returns ids and texts of the warnings */
  function warningsOf({ visibilityTimeout, maxReceiveCount }: Partial<typeof good>): string[] {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const stack = new Stack(app, 'Other');
    const deadLetters = new Queue(stack, 'DeadLetters');
    const queue = new Queue(stack, 'Events', {
      ...(visibilityTimeout && { visibilityTimeout }),
      ...(maxReceiveCount && { deadLetterQueue: { queue: deadLetters, maxReceiveCount } }),
    });
    new VirusTotalConnector(stack, 'VirusTotalConnector').submitFrom(queue);
    return Annotations.fromStack(stack)
      .findWarning('/Other/Events/Resource', Match.anyValue())
      .map(({ entry }) => String(entry.data));
  }

  it.each([
    ['no dead-letter queue', { ...good, maxReceiveCount: 0 }, /no dead-letter queue/],
    ['a low maxReceiveCount', { ...good, maxReceiveCount: 4 }, /maxReceiveCount is 4/],
    [
      'a short visibility timeout',
      { ...good, visibilityTimeout: Duration.seconds(5_399) },
      /5399 s.*at least 5400 s/,
    ],
    ['the default visibility timeout', { maxReceiveCount: 5 }, /visibilityTimeout is 30 s/],
  ])('name %s', (_, settings, message) => {
    const warnings = warningsOf(settings);
    expect(warnings).toEqual([expect.stringMatching(message)]);
  });

  it('are none with the settings that README shows', () => {
    const readme = readText('README.md');
    expect(readme).toContain('visibilityTimeout: Duration.minutes(90)');
    expect(readme).toContain('maxReceiveCount: 5');
    expect(warningsOf(good)).toEqual([]);
  });

  it('see what is set later, and are none for an imported queue', () => {
    const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Other');
    const connector = new VirusTotalConnector(stack, 'VirusTotalConnector');
    const arn = 'arn:aws:sqs:us-east-1:123456789012:elsewhere';
    connector.submitFrom(Queue.fromQueueArn(stack, 'Elsewhere', arn), { maxConcurrency: 50 });
    const queue = new Queue(stack, 'Events');
    connector.submitFrom(queue);
    const resource = queue.node.defaultChild;
    if (!(resource instanceof CfnQueue)) throw new TypeError('it has no resource');
    resource.visibilityTimeout = 5_400;
    resource.redrivePolicy = { deadLetterTargetArn: arn, maxReceiveCount: 5 };
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('queue'))).toEqual(
      [],
    );
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arn,
      ScalingConfig: { MaximumConcurrency: 50 },
    });
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
