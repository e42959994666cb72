import { describe, expect, it } from 'vitest';
import { ruleOfTemplate } from '../../src/events/template-rule.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:ScanUpload';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:dead';

/** Properties as CDK writes them for a state machine with a dead-letter queue and retries. */
const properties = {
  EventPattern: { source: ['aws.ec2'], detail: { state: [{ wildcard: 'R*' }] } },
  State: 'ENABLED',
  Targets: [
    {
      Arn: MACHINE,
      DeadLetterConfig: { Arn: QUEUE },
      Id: 'Target0',
      RetryPolicy: { MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 5 },
      RoleArn: 'arn:aws:iam::000000000000:role/MEventsRoleB4205799',
    },
  ],
};

/** A rule whose target gets something else than the whole event. */
const withInput = (input: object) => ({
  ...properties,
  Targets: [{ Id: 'T', Arn: QUEUE, ...input }],
});

describe('a rule of the template', () => {
  it('is read in the form that CDK writes', () => {
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
  });

  it('can have a name and a custom bus, and targets without options', () => {
    const { EventPattern } = properties;
    const EventBusName = 'arn:aws:events:us-east-1:000000000000:event-bus/verdicts';
    const Targets = [{ Id: 'T', Arn: QUEUE }];
    const rule = ruleOfTemplate('R', { Name: 'own', EventBusName, EventPattern, Targets });
    expect(rule).toMatchObject({
      name: 'own',
      arn: 'arn:aws:events:us-east-1:000000000000:rule/verdicts/own',
      eventBusName: 'verdicts',
      targets: [{ arn: QUEUE, roleId: undefined, deadLetterArn: undefined }],
    });
    expect(ruleOfTemplate('R', { EventPattern })?.targets).toEqual([]);
  });

  it('is left out when it is disabled', () => {
    expect(ruleOfTemplate('R', { ...properties, State: 'DISABLED' })).toBeUndefined();
  });

  it.each([
    [{ ...properties, ScheduleExpression: 'rate(1 hour)' }, 'ScheduleExpression (not supported)'],
    [{ ScheduleExpression: 'rate(1 hour)' }, 'EventPattern (invalid_type)'],
    [
      { ...properties, Targets: [{ Id: 'T', Arn: QUEUE, SqsParameters: {} }] },
      'Targets.0.SqsParameters (not supported)',
    ],
    [withInput({ Input: '{}' }), 'Targets.0.Input (not supported)'],
    [withInput({ InputPath: '$.detail' }), 'Targets.0.InputPath (not supported)'],
    [
      withInput({ InputTransformer: { InputTemplate: '1' } }),
      'Targets.0.InputTransformer (not supported)',
    ],
  ])('is refused with the unsupported property in the message: %j', (refused, message) => {
    expect(() => ruleOfTemplate('Hourly', refused)).toThrow('Rule Hourly cannot run here: ');
    expect(() => ruleOfTemplate('Hourly', refused)).toThrow(message);
  });
});
