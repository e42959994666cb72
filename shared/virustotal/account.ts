/** Reads the quotas of the account; that costs no quota. */
import type { Limits } from '../limits.ts';
import type { AccountQuotas } from '../quota/learn.ts';
import { overallQuotas } from './answers/index.ts';
import { attempt, type Wire } from './attempt.ts';
import { endpoint } from './endpoint.ts';

/** Longest time for reading them, milliseconds. */
const ACCOUNT_MS = 3_000;

/**
 * Reads the quotas of the account, by its user id: a key in a path would be a key in a log.
 *
 * @returns null if VirusTotal does not say: there is then one more reason to wait
 */
export async function readAccount(
  wire: Wire & { readonly server: URL },
  userId: string,
  key: string,
  limits: Limits,
): Promise<AccountQuotas | null> {
  const url = endpoint(wire.server, '/users/{id}/overall_quotas', [userId]);
  const request = { method: 'GET', template: 'GET /users/{id}/overall_quotas', url } as const;
  const deadline = Math.min(limits.deadline, wire.now() + ACCOUNT_MS);
  const answer = await attempt(wire, request, key, { ...limits, deadline });
  if (answer.kind !== 'success') return null;
  const quotas = overallQuotas.safeParse(answer.json);
  return quotas.success ? quotas.data : null;
}
