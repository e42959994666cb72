import { describe, expect, it } from 'vitest';
import { compileInput } from '../../src/events/target-input.ts';
import { ruleOfTemplate } from '../../src/events/template-rule.ts';
import { EC2_EVENT } from './fixtures.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:ScanUpload';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:dead';

/** Properties as CDK writes them for a state machine with a queue, retries and an input of its own. */
const properties = {
  EventPattern: { source: ['aws.ec2'], detail: { state: [{ wildcard: 'R*' }] } },
  State: 'ENABLED',
  Targets: [
    {
      Arn: MACHINE,
      DeadLetterConfig: { Arn: QUEUE },
      Id: 'Target0',
      InputTransformer: {
        InputPathsMap: { 'detail-state': '$.detail.state' },
        InputTemplate: '{"state":<detail-state>,"text":"is <detail-state>"}',
      },
      RetryPolicy: { MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 5 },
      RoleArn: 'arn:aws:iam::000000000000:role/MEventsRoleB4205799',
    },
  ],
};

describe('a rule of the template', () => {
  it('is read as CDK writes it', () => {
    const rule = ruleOfTemplate('RuleC21A1702', properties);
    const arn = 'arn:aws:events:us-east-1:000000000000:rule/RuleC21A1702';
    expect(rule).toMatchObject({
      name: 'RuleC21A1702',
      arn,
      eventBusName: 'default',
      pattern: properties.EventPattern,
      targets: [
        {
          arn: MACHINE,
          roleId: 'MEventsRoleB4205799',
          retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 7200 },
          deadLetterArn: QUEUE,
        },
      ],
    });
    const context = { ruleName: 'r', ruleArn: arn, receivedMs: 0 };
    expect(compileInput(rule?.targets[0] ?? {})(EC2_EVENT, context)).toBe(
      '{"state":"RUNNING","text":"is RUNNING"}',
    );
  });

  it('has a name and a bus of its own, and may have no more than a target', () => {
    const { EventPattern } = properties;
    const EventBusName = 'arn:aws:events:us-east-1:000000000000:event-bus/verdicts';
    const Targets = [{ Id: 'T', Arn: QUEUE, InputPath: '$.detail' }];
    const rule = ruleOfTemplate('R', { Name: 'own', EventBusName, EventPattern, Targets });
    expect(rule).toMatchObject({
      name: 'own',
      arn: 'arn:aws:events:us-east-1:000000000000:rule/verdicts/own',
      eventBusName: 'verdicts',
      targets: [{ arn: QUEUE, inputPath: '$.detail', roleId: undefined, deadLetterArn: undefined }],
    });
    expect(ruleOfTemplate('R', { EventPattern })?.targets).toEqual([]);
  });

  it('is left out when it is disabled', () => {
    expect(ruleOfTemplate('R', { ...properties, State: 'DISABLED' })).toBeUndefined();
  });

  it.each([
    [{ ...properties, ScheduleExpression: 'rate(1 hour)' }, 'ScheduleExpression (not known here)'],
    [{ ScheduleExpression: 'rate(1 hour)' }, 'EventPattern (invalid_type)'],
    [
      { ...properties, Targets: [{ Id: 'T', Arn: QUEUE, SqsParameters: {} }] },
      'Targets.0.SqsParameters (not known here)',
    ],
  ])('is refused by name: %j', (given, message) => {
    expect(() => ruleOfTemplate('Hourly', given)).toThrow('Rule Hourly cannot run here: ');
    expect(() => ruleOfTemplate('Hourly', given)).toThrow(message);
  });
});
