/** Whether the policies of the template allow what AWS checks when it creates the stack. */
import { describe, expect, it } from 'vitest';
import { synthesise } from '../synthesise.ts';
import { countNeeds, unmetNeeds } from './role-needs.ts';

const template = synthesise().template.toJSON();

it('every need of the template is met, with each kind of setting', async () => {
  expect(countNeeds(template)).toBeGreaterThan(90);
  expect(await unmetNeeds(template)).toEqual([]);
  const { template: other } = synthesise({
    quarantine: 'true',
    failOnError: 'true',
    scanBucketArns: 'arn:aws:s3:::inbox',
  });
  expect(await unmetNeeds(other.toJSON())).toEqual([]);
});

describe('a policy that lacks', () => {
  it.each<[string, string, string]>([
    ['AWS::IAM::Policy', 'SubmitFileRole', 'may not call sqs:SendMessage'],
    ['AWS::IAM::Policy', 'PlaybooksScanUrlStateMachineRole', 'may not call lambda:InvokeFunction'],
    [
      'AWS::IAM::Policy',
      'PlaybooksScanUrlStateMachineRole',
      'may not call logs:CreateLogDelivery on *',
    ],
    ['AWS::IAM::Policy', 'StateMachineEventsRole', 'may not call states:StartExecution'],
    [
      'AWS::SQS::QueuePolicy',
      'DeadLetterQueue',
      'events.amazonaws.com may not call sqs:SendMessage',
    ],
    [
      'AWS::Lambda::Permission',
      'TriggerFailedScans',
      'events.amazonaws.com may not call lambda:InvokeFunction',
    ],
    [
      'AWS::Lambda::Permission',
      'SubmitUrl',
      'apigateway.amazonaws.com may not call lambda:InvokeFunction',
    ],
  ])('everything, %s of %s, is named', async (type, part, message) => {
    const copy = structuredClone(template);
    const ids = Object.keys(copy.Resources).filter(
      (id) => copy.Resources[id].Type === type && id.includes(part),
    );
    expect(ids).toHaveLength(1);
    for (const id of ids) delete copy.Resources[id];
    expect((await unmetNeeds(copy)).join('\n')).toContain(message);
  });
});
