/** The call to a target, as the call log records it. */
import type { AwsCall } from '../types.ts';

/** The principal for targets without a role. */
const EVENTS_PRINCIPAL = 'events.amazonaws.com';

/** IAM actions by the service in the target's ARN. */
const actions: Readonly<Record<string, string>> = {
  lambda: 'lambda:InvokeFunction',
  states: 'states:StartExecution',
  sqs: 'sqs:SendMessage',
  sns: 'sns:Publish',
  events: 'events:PutEvents',
};

/** Returns undefined for an unsupported service. */
export function recordedCall(targetArn: string, principal = EVENTS_PRINCIPAL): AwsCall | undefined {
  const action = actions[targetArn.split(':')[2] ?? ''];
  return action === undefined ? undefined : { principal, action, resources: [targetArn] };
}
