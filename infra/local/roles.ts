/** Evaluates the policies of the stack's roles, as IAM does. */
import { runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import { LOCAL_ACCOUNT, type LocalRole, type MayCall } from '@local/cloud';
import { VERDICT_EVENT_SOURCE } from '../../shared/uploads/record/verdict-event.ts';

/** Returns whether the policies of a role allow a call. Resource policies and managed policies of AWS do not count. */
export const mayCall: MayCall = (role, action, resource) =>
  runUnsafeSimulation(callOf(role, action, resource), {}) === 'Allowed';

/** Returns what IAM evaluates when a role makes a call. */
export function callOf({ arn, policies }: LocalRole, action: string, resource: string): Simulation {
  return {
    request: {
      principal: arn,
      action,
      resource: { resource, accountId: LOCAL_ACCOUNT },
      contextVariables: callContext(action),
    },
    identityPolicies: policies.map((policy, index) => ({ name: `policy ${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}

/** Returns the condition keys that AWS sets for a call. */
function callContext(action: string): Record<string, string[]> {
  return action === 'events:PutEvents' ? { 'events:source': [VERDICT_EVENT_SOURCE] } : {};
}
