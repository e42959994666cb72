/** Compares the simulator's answers with facts of recorded ones: fields, types, wording of errors. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eicarBytes } from '../src/simulator.ts';
import { ask, at, fieldsOf, post, postUrl, start } from './harness.ts';

const path = new URL('./fixtures/recorded.json', import.meta.url);
const recorded: unknown = JSON.parse(readFileSync(path, 'utf8'));

/** Fields of a value that were not recorded, or with another type. */
function unrecorded(value: unknown, ...shape: readonly string[]): readonly string[] {
  return fieldsOf(value).filter((name) => typeOf(at(value, name)) !== at(recorded, ...shape, name));
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function expectRecordedFields(value: unknown, ...shape: readonly string[]): void {
  expect(unrecorded(value, ...shape)).toEqual([]);
  expect(fieldsOf(value).toSorted()).toEqual(fieldsOf(at(recorded, ...shape)).toSorted());
}

describe('shapes', () => {
  const url = Buffer.from('http://example.com/').toString('base64url');
  it.each([
    ['file', '/files/44d88612fea8a8f36de82e1278abb02f'],
    ['url', `/urls/${url}`],
    ['ip_address', '/ip_addresses/203.0.113.7'],
    ['domain', '/domains/example.com'],
  ])('has only recorded fields in a %s', async (kind, target) => {
    const simulator = await start();
    const { json } = await ask(simulator, target);
    const attributes = at(json, 'data', 'attributes');
    expect(unrecorded(at(json, 'data'), 'shapes', kind, 'object')).toEqual([]);
    // The recorded address is older than this attribute.
    const isNew = kind === 'ip_address';
    const expected = isNew ? ['last_analysis_date'] : [];
    expect(unrecorded(attributes, 'shapes', kind, 'attributes')).toEqual(expected);
    const [result] = Object.values(Object(at(attributes, 'last_analysis_results')));
    expectRecordedFields(result, 'shapes', kind, 'result');
    expectRecordedFields(at(attributes, 'last_analysis_stats'), 'shapes', kind, 'stats');
  });

  it('has only recorded fields in a completed analysis', async () => {
    const simulator = await start({ queuedMs: 0, inProgressMs: 0 });
    const { json: submitted } = await postUrl(simulator, 'http://new.example.com/');
    const { json } = await ask(simulator, `/analyses/${at(submitted, 'data', 'id')}`);
    expect(unrecorded(at(json, 'data', 'attributes'), 'analysis', 'attributes')).toEqual([]);
    expect(unrecorded(at(json, 'meta', 'url_info'), 'analysis', 'url_info')).toEqual([]);
  });
});

it('words errors as recorded', async () => {
  const simulator = await start({ keys: [{ key: 'right', tier: 'public', perDay: 3 }] });
  const digest = '01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b';
  const missing = await ask(simulator, `/files/${digest}`, {}, 'right');
  expect(missing.json).toEqual(at(recorded, 'errors', '404'));
  const wrong = await ask(simulator, `/files/${digest}`, {}, 'testapikey');
  expect(wrong.json).toEqual(at(recorded, 'errors', '401'));
  for (let request = 0; request < 2; request += 1) {
    await ask(simulator, '/domains/example.com', {}, 'right');
  }
  const throttled = await ask(simulator, `/files/${digest}`, {}, 'right');
  expect(throttled.json).toEqual(at(recorded, 'errors', '429'));
});

it('has neither a cursor nor a next link on the last page of a list, as recorded', async () => {
  const simulator = await start();
  const { json } = await ask(simulator, '/domains/host1.example.com/subdomains');
  expect(fieldsOf(json)).toEqual(at(recorded, 'lastPage', 'fields'));
  expect(at(json, 'data')).toEqual(at(recorded, 'lastPage', 'data'));
  expect(fieldsOf(at(json, 'links'))).toEqual(at(recorded, 'lastPage', 'links'));
});

it('answers a submission with an id of the recorded form', async () => {
  const simulator = await start();
  const form = /^[0-9a-f]{32}:[0-9]{10}$/;
  const decode = (id: unknown) => Buffer.from(String(id), 'base64').toString('latin1');
  expect(decode(at(recorded, 'submissionId'))).toMatch(form);
  const { json } = await post(simulator, eicarBytes());
  expect(decode(at(json, 'data', 'id'))).toMatch(form);
});
