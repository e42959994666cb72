import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { eicarBytes, samples } from '../src/simulator.ts';
import { ask, at, error, NOON, post, start } from './harness.ts';

const EPOCH = NOON / 1000;
const EICAR_MD5 = '44d88612fea8a8f36de82e1278abb02f';
const EICAR_SHA256 = '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f';
const hash = (name: string, content: string) => createHash(name).update(content).digest('hex');

describe('a new file', () => {
  it('is queued, in progress and completed as time passes', async () => {
    const simulator = await start({ queuedMs: 2000, inProgressMs: 3000 });
    const content = 'a new file';
    const sha256 = hash('sha256', content);
    const submitted = await post(simulator, content);
    const id = Buffer.from(`${hash('md5', content)}:${EPOCH}`).toString('base64');
    expect(submitted.json).toEqual({
      data: {
        type: 'analysis',
        id,
        links: { self: `${simulator.url}/api/v3/analyses/${encodeURIComponent(id)}` },
      },
    });
    const path = `/analyses/${encodeURIComponent(id)}`;
    const states: unknown[] = [];
    for (const ms of [0, 1999, 2000, 4999, 5000]) {
      simulator.clock.ms = NOON + ms;
      const { json } = await ask(simulator, path);
      const known = await ask(simulator, `/files/${sha256}`);
      states.push([at(json, 'data', 'attributes', 'status'), known.status]);
    }
    expect(states).toEqual([
      ['queued', 404],
      ['queued', 404],
      ['in-progress', 404],
      ['in-progress', 404],
      ['completed', 200],
    ]);
    const { json } = await ask(simulator, `/files/${hash('sha1', content).toUpperCase()}`);
    expect(at(json, 'data', 'attributes')).toMatchObject({
      md5: hash('md5', content),
      sha256,
      size: content.length,
      last_analysis_date: EPOCH,
      first_submission_date: EPOCH,
    });
  });

  it('has digests but no results while the analysis is queued', async () => {
    const simulator = await start();
    const { json: submitted } = await post(simulator, 'digests');
    const id = encodeURIComponent(String(at(submitted, 'data', 'id')));
    const { json } = await ask(simulator, `/analyses/${id}`);
    expect(at(json, 'data', 'attributes')).toMatchObject({ date: EPOCH, results: {} });
    expect(Object.values(Object(at(json, 'data', 'attributes', 'stats')))).toEqual(
      Array(8).fill(0),
    );
    expect(at(json, 'meta', 'file_info')).toEqual({
      md5: hash('md5', 'digests'),
      sha1: hash('sha1', 'digests'),
      sha256: hash('sha256', 'digests'),
      size: 7,
    });
  });

  it('exists without a report before its first analysis, with the option `bare`', async () => {
    const simulator = await start({ unfinished: 'bare' });
    await post(simulator, 'bare');
    const { status, json } = await ask(simulator, `/files/${hash('md5', 'bare')}`);
    expect(status).toBe(200);
    expect(at(json, 'data', 'attributes', 'size')).toBe(4);
    expect(at(json, 'data', 'attributes')).not.toHaveProperty('last_analysis_date');
    expect(at(json, 'data', 'attributes')).not.toHaveProperty('last_analysis_results');
  });

  it.each([
    ['nothing special', 'undetected', 0],
    [`${'x'.repeat(70_000)}simulated-malware`, 'malicious', 40],
    ['simulated-suspicious', 'suspicious', 1],
  ])('is judged by its content: %.20s', async (content, category, least) => {
    const simulator = await start({ queuedMs: 0, inProgressMs: 0 });
    await post(simulator, content);
    const { json } = await ask(simulator, `/files/${hash('sha256', content)}`);
    const stats = at(json, 'data', 'attributes', 'last_analysis_stats');
    expect(at(stats, category)).toBeGreaterThanOrEqual(Math.max(1, least));
    if (category === 'undetected') expect(at(stats, 'malicious')).toBe(0);
  });
});

describe('the EICAR test file', () => {
  it('is known by each of its digests, with a complete report', async () => {
    const simulator = await start();
    const { status, json } = await ask(simulator, `/files/${EICAR_MD5}`);
    expect(status).toBe(200);
    const attributes = at(json, 'data', 'attributes');
    expect(at(json, 'data', 'id')).toBe(EICAR_SHA256);
    expect(attributes).toMatchObject({
      sha256: EICAR_SHA256,
      size: 68,
      last_analysis_date: EPOCH - 86_400,
      popular_threat_classification: { suggested_threat_label: 'virus.eicar/test' },
    });
    const results: unknown[] = Object.values(Object(at(attributes, 'last_analysis_results')));
    expect(results.length).toBeGreaterThan(70);
    const categories = new Set(results.map((result) => at(result, 'category')));
    expect([...categories].sort()).toEqual([
      'confirmed-timeout',
      'failure',
      'malicious',
      'timeout',
      'type-unsupported',
      'undetected',
    ]);
    expect(results[0]).toEqual({
      method: 'blacklist',
      engine_name: expect.any(String),
      engine_version: expect.stringMatching(/^[0-9.]+$/),
      engine_update: '20261123',
      category: 'malicious',
      result: expect.stringMatching(/eicar/i),
    });
    const sameBySha1 = await ask(simulator, `/files/${at(attributes, 'sha1')}`);
    expect(sameBySha1.json).toEqual(json);
  });

  it('keeps its old report until a new analysis is completed', async () => {
    const simulator = await start();
    await post(simulator, eicarBytes());
    const dateNow = async () =>
      at(
        (await ask(simulator, `/files/${EICAR_SHA256}`)).json,
        'data',
        'attributes',
        'last_analysis_date',
      );
    expect(await dateNow()).toBe(EPOCH - 86_400);
    simulator.clock.ms += 5000;
    expect(await dateNow()).toBe(EPOCH);
  });

  it('is among the samples', () => {
    const files = samples.filter(({ kind }) => kind === 'file');
    expect(files.map(({ id, verdict }) => [id, verdict]).slice(0, 2)).toEqual([
      [EICAR_SHA256, 'eicar'],
      [hash('sha256', ''), 'clean'],
    ]);
  });
});

it('is looked up by digest only: any other id is not found', async () => {
  const simulator = await start();
  for (const id of ['foo', 'eicar.com', '0'.repeat(63), 'é']) {
    const { status, json } = await ask(simulator, `/files/${encodeURIComponent(id)}`);
    expect([status, json]).toEqual([404, error('NotFoundError', `File "${id}" not found`)]);
  }
});

it('has fuzzy hashes of the real form, and a sandbox verdict if it is malicious', async () => {
  const simulator = await start();
  const { json } = await ask(simulator, `/files/${EICAR_MD5}`);
  expect(at(json, 'data', 'attributes')).toMatchObject({
    ssdeep: expect.stringMatching(/^3:\w+:\w+$/),
    tlsh: expect.stringMatching(/^T1[0-9A-F]{70}$/),
    vhash: expect.stringMatching(/^[0-9a-f]{32}$/),
    trid: [{ file_type: expect.any(String), probability: expect.any(Number) }],
    sandbox_verdicts: { 'Simulated Sandbox': { category: 'malicious' } },
  });
  const clean = await ask(simulator, `/files/${hash('md5', 'simulated clean file\n')}`);
  expect(at(clean.json, 'data', 'attributes')).not.toHaveProperty('sandbox_verdicts');
});
