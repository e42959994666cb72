/** The ledger of VirusTotal's quota. */
import { quota } from '../../../shared/operations/catalogue.ts';
import { callApi } from '../call-api.ts';
import type { Check } from '../check.ts';
import { fieldOf } from '../field-of.ts';
import { expectEqual, shown } from '../outcomes.ts';
import { expectOutput } from './lookups.ts';

/** The quota can be read, and what lookups have used is in it. */
export const quotaLedger: Check = {
  id: 'quota-ledger',
  proves:
    '`GET /quota` shows what is used and left, with every field: its role may read the items of the quota, and the lookups before were charged.',
  class: 'lookup',
  needs: ['file-reputation'],
  requests: 0,
  async run(context) {
    const answer = await callApi(context, { path: '/quota' });
    expectEqual(answer.call, answer.status === 200 ? 200 : answer.text, 200);
    expectOutput('GET /quota', quota, answer.body);
    const { used, allowed } = Object(fieldOf(answer.body, 'month'));
    expectEqual('GET /quota, whether anything is used this month', used > 0, true);
    return `${used} of ${allowed === null ? 'any number' : shown(allowed)} used this month`;
  },
};
