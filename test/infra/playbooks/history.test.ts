/** Histories have at most 25,000 events; an execution that needs more fails. */
import { MAX_HISTORY_EVENTS, readWorkflow, type Workflow } from '@local/cloud/step-functions';
import { namedError } from '@local/cloud/testing';
import { beforeAll, expect, it } from 'vitest';
import { BATCH_OBJECTS } from '../../../infra/playbooks/scan-existing.ts';
import { type Trouble, worstHistory } from '../../support/history-bound.ts';
import { definitions, play } from '../../support/playbooks.ts';

let machines: ReadonlyMap<string, Workflow>;

beforeAll(() => {
  machines = definitions();
}, 120_000);

function boundOf(
  name: string,
  retriesPerVisit: Trouble['retriesPerVisit'],
  items: number = 100,
): number {
  const machine = machines.get(name);
  if (!machine) throw new Error(`there is no playbook ${name}`);
  return worstHistory(machine, { items, retriesPerVisit });
}

it('knows every playbook', () => {
  const others = ['EnrichIndicators', 'ScanExisting'];
  expect([...machines.keys()].sort()).toEqual([...strict, ...lenient, ...others].sort());
});

const strict = [
  'SubmitUrl',
  'FileReputation',
  'IpReputation',
  'DomainReputation',
  'UrlReputation',
  'ScanUrl',
];
const lenient = ['SubmitFile', 'ScanUpload'];

it.each(strict)('%s stays below the limit with every wait and every retry at each', (name) => {
  expect(boundOf(name, 'all')).toBeLessThan(MAX_HISTORY_EVENTS);
});

it.each(lenient)('%s stays below the limit with every wait and a retry at each', (name) => {
  expect(boundOf(name, 'one')).toBeLessThan(MAX_HISTORY_EVENTS);
});

it.each([1, 7, 40, 100])(
  'EnrichIndicators stays below the limit if each of %i items needs every wait and retry',
  (items) => {
    const bound = boundOf('EnrichIndicators', 'all', items);
    expect(bound).toBeLessThan(MAX_HISTORY_EVENTS);
    expect(bound).toBeGreaterThan(0.9 * MAX_HISTORY_EVENTS);
  },
);

it('ScanExisting and each of its batches stay below the limit with every wait and every retry', () => {
  const machine = machines.get('ScanExisting');
  const batches = machine?.States['Each batch'];
  const trouble = { retriesPerVisit: 'all', items: BATCH_OBJECTS } as const;
  const batch = worstHistory(readWorkflow(batches?.ItemProcessor), trouble);
  expect(batch).toBeGreaterThan(20 * BATCH_OBJECTS);
  expect(batch).toBeLessThan(MAX_HISTORY_EVENTS);
  // A batch is an execution with a history apart.
  expect(boundOf('ScanExisting', 'all', 0)).toBeLessThan(MAX_HISTORY_EVENTS);
});

it('the bound is not less than what an execution in such trouble has', async () => {
  let calls = 0;
  const text = JSON.stringify(machines.get('FileReputation'));
  const machine = readWorkflow(JSON.parse(text.replace('$most := 400;', () => '$most := 40;')));
  const { events } = await play(
    machine,
    {},
    {
      FileReputation: () => {
        calls += 1;
        // Fourteen retries, then the quota; after the last wait, the retries again.
        if (calls % 15 > 4) throw namedError('Lambda.TooManyRequestsException', 'Rate Exceeded.');
        if (calls % 15 > 0) throw namedError('UpstreamUnavailableError', 'down');
        throw namedError('QuotaExceededError', 'used up retryAfterSeconds=60');
      },
    },
  );
  expect(calls).toBe(41 * 15);
  expect(events).toBeGreaterThan(2_000);
  expect(events).toBeLessThanOrEqual(worstHistory(machine, { items: 1, retriesPerVisit: 'all' }));
}, 60_000);
