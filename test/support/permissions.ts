/** Holds calls against roles: what AWS's own evaluation of policies would say. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { LocalRole } from '@local/cloud';
import { callOf } from '../../infra/local/roles.ts';

/** What a policy decides. */
export type Decision = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';

/**
 * Evaluates one call.
 *
 * @throws Error when the action, the resource or a policy is not one that AWS knows
 */
export async function decide(role: LocalRole, action: string, resource: string): Promise<Decision> {
  const response = await runSimulation(callOf(role, action, resource), {});
  if (response.resultType === 'error') {
    throw new Error(`${action} on ${resource}: ${JSON.stringify(response.errors)}`);
  }
  return response.overallResult;
}

/** Actions that a role's policies allow, sorted. */
export function grantedActions({ policies }: LocalRole): string[] {
  const granted = policies
    .flatMap(({ Statement }) => Statement)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action)
    .map(String);
  return [...new Set(granted)].sort();
}
