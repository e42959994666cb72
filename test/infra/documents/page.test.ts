import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workflow } from '@local/cloud/step-functions';
import { beforeAll, expect, it } from 'vitest';
import { diagramOf } from '../../../infra/documents/diagram.ts';
import { pageOf } from '../../../infra/documents/page.ts';
import { samples } from '../../../infra/playbooks/samples.ts';
import { enrichmentRequest } from '../../../shared/enrichment/schema.ts';
import { operations } from '../../../shared/operations/catalogue.ts';
import { readEvent } from '../../../shared/uploads/events/read-event.ts';
import { definitions } from '../../support/playbooks.ts';

let machines: ReadonlyMap<string, Workflow>;

beforeAll(() => {
  machines = definitions();
}, 90_000);

it('docs/playbooks.md is what the definitions give: else npm run playbooks', async () => {
  const path = join(import.meta.dirname, '../../../docs/playbooks.md');
  expect(await readFile(path, 'utf8')).toBe(pageOf(machines));
});

it('there is a sample input of each playbook', () => {
  expect(Object.keys(samples).sort()).toEqual([...machines.keys()].sort());
});

it.each(operations)('the operation takes the sample input of $id', ({ id, input }) => {
  expect(input.safeParse(samples[id])).toMatchObject({ success: true });
});

it('the functions take the sample inputs of the other playbooks', () => {
  const submitUrl = operations.find(({ id }) => id === 'SubmitUrl');
  expect(submitUrl?.input.safeParse(samples.ScanUrl)).toMatchObject({ success: true });
  expect(enrichmentRequest.safeParse(samples.EnrichIndicators)).toMatchObject({ success: true });
  expect(readEvent(samples.ScanUpload)).toMatchObject({
    kind: 'object',
    notice: { object: { bucket: 'my-uploads', key: 'samples/invoice.pdf' }, skip: null },
  });
});

it('the diagram has every kind of arrow', () => {
  const definition = {
    StartAt: 'Which?',
    States: {
      'Which?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.a', StringEquals: 'x', Next: 'Call' }],
        Default: 'Pause',
      },
      Call: {
        Type: 'Task',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Pause' }],
        Next: 'Pause',
      },
      Pause: { Type: 'Wait', Seconds: 1, Next: 'Each' },
      Each: {
        Type: 'Map',
        MaxConcurrency: 4,
        ItemProcessor: { StartAt: 'Item', States: { Item: { Type: 'Pass', End: true } } },
        End: true,
      },
    },
  };
  expect(diagramOf(definition).split('\n')).toEqual([
    'flowchart TD',
    '  starts0((start)) --> s0',
    '  s0{"Which?"}',
    '  s0 -->|x| s1',
    '  s0 --> s2',
    '  s1[["Call"]]',
    '  s1 --> s2',
    '  s1 -.->|States.ALL| s2',
    '  s2("Pause")',
    '  s2 --> s3',
    '  s3["Each"]',
    '  subgraph boxs3["for each item, 4 at a time"]',
    '    starts4((start)) --> s4',
    '    s4["Item"]',
    '    s4 --> ends4((end))',
    '  end',
    '  s3 --- boxs3',
    '  s3 --> ends3((end))',
  ]);
});
