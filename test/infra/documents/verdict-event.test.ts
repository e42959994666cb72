/** docs/verdict-event.md and the JSON Schema say what the function sends. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { verdictEventSchema } from '../../../infra/documents/verdict-event-schema.ts';
import { recordScan } from '../../../shared/uploads/record/record-scan.ts';
import { verdictEvent } from '../../../shared/uploads/record/verdict-event.ts';
import { call, requestOf, startRecording, UPLOADS } from '../../shared/uploads/record/harness.ts';

const read = (name: string) => readFile(join(import.meta.dirname, '../../../docs', name), 'utf8');
const validator = () => new Ajv({ strict: false }).compile(JSON.parse(verdictEventSchema()));

it('has the JSON Schema as it is: npm run verdict-event', async () => {
  expect(await read('verdict-event.schema.json')).toBe(verdictEventSchema());
});

it('holds for what is sent', async () => {
  const world = await startRecording();
  const object = await world.put(UPLOADS, 'k', 'hello world');
  const requests = [requestOf({ outcome: 'pending', report: null }), requestOf()];
  for (const request of requests) await recordScan(world.services, request, object, call());
  const validate = validator();
  for (const event of world.events) {
    expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
  }
  expect(validate({ ...world.events[0], schema_version: '2' })).toBe(false);
});

it('has an example that holds, and a row for every field', async () => {
  const page = await read('verdict-event.md');
  const [, example = ''] = /```json event\n(.*?)```/s.exec(page) ?? [];
  const event = JSON.parse(example);
  expect(event).toMatchObject({
    source: 'virustotal-connector',
    'detail-type': 'VirusTotal Verdict',
  });
  expect(verdictEvent.parse(event.detail)).toEqual(event.detail);
  const rows = Array.from(page.matchAll(/^\| `(\w+)` \|/gm), ([, name]) => name);
  expect(rows).toEqual(Object.keys(verdictEvent.shape));
});
