/** The permission that EventBridge needs to call a target. */
import type { AwsCall } from '../types.ts';

/** EventBridge, where a target has no role. */
const EVENTS_PRINCIPAL = 'events.amazonaws.com';

/** Actions by the service in the target's ARN. */
const actions: Readonly<Record<string, string>> = {
  lambda: 'lambda:InvokeFunction',
  states: 'states:StartExecution',
  sqs: 'sqs:SendMessage',
  sns: 'sns:Publish',
  events: 'events:PutEvents',
};

/** The call, for the recorder; undefined for a service that is not known here. */
export function recordedCall(targetArn: string, principal = EVENTS_PRINCIPAL): AwsCall | undefined {
  const action = actions[targetArn.split(':')[2] ?? ''];
  return action === undefined ? undefined : { principal, action, resources: [targetArn] };
}
