/** Routes of the caller's account, which cost no quota. */
import { ok, refuse } from '../http/answer.ts';
import type { ApiRequest, Route } from '../http/service.ts';

/** Id of the account, besides its key. */
export const USER_ID = 'simulator';

/** What the service shows for no limit, an hour and a day or month. */
const UNLIMITED = { hour: 60_000_000_000, other: 1_000_000_000 } as const;

export const userRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v3/users/:id/overall_quotas', handle: overallQuotas },
  { method: 'GET', path: '/api/v3/users/:id/api_usage', handle: apiUsage },
];

function overallQuotas(request: ApiRequest) {
  checkOwn(request);
  const { account } = request;
  const { limits } = account.quota;
  // The service has no counter per minute, so the limit is shown per hour.
  const allowances = [
    [
      'api_requests_hourly',
      Math.min(limits.perMinute * 60, UNLIMITED.hour),
      account.quota.used('hour'),
    ],
    ['api_requests_daily', Math.min(limits.perDay, UNLIMITED.other), account.quota.used('day')],
    [
      'api_requests_monthly',
      Math.min(limits.perMonth, UNLIMITED.other),
      account.quota.used('month'),
    ],
  ] as const;
  const data = allowances.map(([name, allowed, used]) => {
    const group = { allowed, inherited_from: 'simulator-group', used };
    return [name, { user: { allowed, used }, ...(account.tier === 'premium' ? { group } : {}) }];
  });
  return ok({ data: Object.fromEntries(data) });
}

function apiUsage(request: ApiRequest) {
  checkOwn(request);
  const daily = request.account.quota.usage();
  const total: Record<string, number> = {};
  for (const [endpoint, count] of Object.values(daily).flatMap(Object.entries<number>)) {
    total[endpoint] = (total[endpoint] ?? 0) + count;
  }
  return ok({ data: { daily, total } });
}

function checkOwn({ account, params: { id } }: ApiRequest): void {
  if (id !== account.key && id !== USER_ID) {
    throw refuse('ForbiddenError', 'You are not authorized to perform the requested operation');
  }
}
