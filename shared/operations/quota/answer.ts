/** `quota`: reads the quota's ledger. */
import type { Limits } from '../../limits.ts';
import type { QuotaState } from '../../quota/quota-state.ts';
import type { QuotaRequest } from './input.ts';
import { toQuota } from './map.ts';
import type { QuotaOutput } from './output.ts';

/** What the operation works with. */
export interface QuotaServices {
  /** Reads the account. @throws UpstreamUnavailableError, UpstreamTimeoutError */
  readQuota(limits: Limits): Promise<QuotaState>;
}

/** Answers `quota`. @throws UpstreamUnavailableError, UpstreamTimeoutError */
export async function answerQuota(
  { readQuota }: QuotaServices,
  _request: QuotaRequest,
  limits: Limits,
): Promise<QuotaOutput> {
  return toQuota(await readQuota(limits));
}
