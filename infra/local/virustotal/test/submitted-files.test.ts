import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ask, at, error, NOON, post, start } from './harness.ts';

const EPOCH = NOON / 1000;
const EICAR_MD5 = '44d88612fea8a8f36de82e1278abb02f';
const EICAR_SHA256 = '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f';
const hash = (name: string, content: string) => createHash(name).update(content).digest('hex');

describe('a resubmission', () => {
  it('joins an analysis of the last 10 minutes, and later starts another', async () => {
    const simulator = await start();
    const idNow = async () => at((await post(simulator, 'again')).json, 'data', 'id');
    const first = await idNow();
    simulator.clock.ms += 599_999;
    expect(await idNow()).toBe(first);
    simulator.clock.ms += 1;
    const expected = Buffer.from(`${hash('md5', 'again')}:${EPOCH + 600}`).toString('base64');
    expect(await idNow()).toBe(expected);
  });

  it('by hash starts an analysis only of a known file', async () => {
    const simulator = await start();
    const known = await ask(simulator, `/files/${EICAR_SHA256}/analyse`, { method: 'POST' });
    const id = Buffer.from(`${EICAR_MD5}:${EPOCH}`).toString('base64');
    expect(at(known.json, 'data', 'id')).toBe(id);
    const other = 'f'.repeat(64);
    const unknown = await ask(simulator, `/files/${other}/analyse`, { method: 'POST' });
    expect(unknown.status).toBe(404);
    expect(unknown.json).toEqual(error('NotFoundError', `File "${other}" not found`));
  });
});

describe('files reject', () => {
  it('an unknown digest, in recorded words', async () => {
    const simulator = await start();
    const md5 = 'F'.repeat(32);
    const { status, json } = await ask(simulator, `/files/${md5}`);
    expect(status).toBe(404);
    expect(json).toEqual(error('NotFoundError', `File "${md5}" not found`));
  });

  it('a trailing slash in POST /files/', async () => {
    const simulator = await start();
    expect((await post(simulator, 'slash', '/files/')).status).toBe(404);
  });

  it('a form without the field file, a malformed form, and no form', async () => {
    const simulator = await start();
    const form = new FormData();
    form.set('other', new Blob(['x']), 'sample');
    const missing = await ask(simulator, '/files', { method: 'POST', body: form });
    expect([missing.status, missing.json]).toEqual([
      400,
      error('BadRequestError', 'Missing form field "file"'),
    ]);
    const broken = await ask(simulator, '/files', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nabc',
    });
    expect([broken.status, broken.json]).toEqual([
      400,
      error('BadRequestError', 'Malformed multipart form'),
    ]);
    const none = await ask(simulator, '/files', { method: 'POST', body: 'abc' });
    expect(none.status).toBe(400);
  });
});
