/** Evaluates the policies of the stack's roles, as IAM does. */
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { LOCAL_ACCOUNT, type MayCall } from '@local/cloud';
import { VERDICT_EVENT_SOURCE } from '../../shared/uploads/record/verdict-event.ts';

/** Returns whether the policies of a role allow a call. Resource policies and managed policies of AWS do not count. */
export const mayCall: MayCall = ({ arn, policies }, action, resource) =>
  runUnsafeSimulation(
    {
      request: {
        principal: arn,
        action,
        resource: { resource, accountId: LOCAL_ACCOUNT },
        contextVariables: callContext(action),
      },
      identityPolicies: policies.map((policy, index) => ({ name: `policy ${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  ) === 'Allowed';

/** Returns the condition keys that AWS sets for a call. */
export function callContext(action: string): Record<string, string[]> {
  return action === 'events:PutEvents' ? { 'events:source': [VERDICT_EVENT_SOURCE] } : {};
}
