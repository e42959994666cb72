/** Compares the simulator's answers with recorded ones: each field exists there, with the same type. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eicarBytes } from '../src/simulator.ts';
import { ask, at, fieldsOf, post, postUrl, start } from './harness.ts';

const recorded = new URL('../../../../test/fixtures/virustotal/recorded/', import.meta.url);

function record(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, recorded), 'utf8'));
}

/** Fields of `given` that `known` lacks, or has with another type. */
function strangers(given: unknown, known: unknown): readonly string[] {
  return fieldsOf(given).filter((name) => kindOf(at(given, name)) !== kindOf(at(known, name)));
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

function firstResult(json: unknown): unknown {
  return Object.values(Object(at(json, 'data', 'attributes', 'last_analysis_results')))[0];
}

describe('shapes', () => {
  const url = `/urls/${Buffer.from('http://example.com/').toString('base64url')}`;
  it.each([
    ['/files/44d88612fea8a8f36de82e1278abb02f', 'file-2026.json'],
    [url, 'url-2020.json'],
    ['/ip_addresses/203.0.113.7', 'ip-2020.json'],
    ['/domains/example.com', 'domain-2026.json'],
  ])('%s is shaped as %s', async (path, name) => {
    const simulator = await start();
    const { json } = await ask(simulator, path);
    const known = record(name);
    expect(strangers(at(json, 'data'), at(known, 'data'))).toEqual([]);
    // The recorded addresses are older than this attribute; the recorded domain has it.
    const own = strangers(at(json, 'data', 'attributes'), at(known, 'data', 'attributes'));
    expect(own).toEqual(path.startsWith('/ip') ? ['last_analysis_date'] : []);
    expect(strangers(firstResult(json), firstResult(known))).toEqual([]);
    expect(fieldsOf(firstResult(json)).toSorted()).toEqual(fieldsOf(firstResult(known)).toSorted());
    const stats = ['data', 'attributes', 'last_analysis_stats'] as const;
    expect(fieldsOf(at(json, ...stats)).toSorted()).toEqual(
      fieldsOf(at(known, ...stats)).toSorted(),
    );
  });

  it('a completed analysis is shaped as recorded', async () => {
    const simulator = await start({ queuedMs: 0, inProgressMs: 0 });
    const { json: submitted } = await postUrl(simulator, 'http://new.example.com/');
    const { json } = await ask(simulator, `/analyses/${at(submitted, 'data', 'id')}`);
    const known = record('analysis-url-completed.json');
    expect(strangers(at(json, 'data', 'attributes'), at(known, 'data', 'attributes'))).toEqual([]);
    expect(strangers(at(json, 'meta', 'url_info'), at(known, 'meta', 'url_info'))).toEqual([]);
  });

  it('refusals are worded as recorded', async () => {
    const simulator = await start({ keys: [{ key: 'right', tier: 'public', perDay: 3 }] });
    const digest = '01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b';
    const missing = await ask(simulator, `/files/${digest}`, {}, 'right');
    expect(missing.json).toEqual(record('error-404.json'));
    const wrong = await ask(simulator, `/files/${digest}`, {}, 'testapikey');
    expect(wrong.json).toEqual(record('error-401.json'));
    for (let request = 0; request < 2; request += 1) {
      await ask(simulator, '/domains/example.com', {}, 'right');
    }
    const spent = await ask(simulator, `/files/${digest}`, {}, 'right');
    expect(spent.json).toEqual(record('error-429.json'));
  });

  it('the last page of a list has neither cursor nor next link, as recorded', async () => {
    const simulator = await start();
    const { json } = await ask(simulator, '/domains/host1.example.com/subdomains');
    const known = record('domain-siblings-empty.json');
    expect(fieldsOf(json)).toEqual(fieldsOf(known));
    expect(at(json, 'data')).toEqual(at(known, 'data'));
    expect(fieldsOf(at(json, 'links'))).toEqual(fieldsOf(at(known, 'links')));
  });

  it('a submission is answered with an id of the recorded form', async () => {
    const simulator = await start();
    const form = /^[0-9a-f]{32}:[0-9]{10}$/;
    const decoded = (json: unknown) =>
      Buffer.from(String(at(json, 'data', 'id')), 'base64').toString('latin1');
    expect(decoded(record('file-upload.json'))).toMatch(form);
    expect(decoded((await post(simulator, eicarBytes())).json)).toMatch(form);
  });
});
