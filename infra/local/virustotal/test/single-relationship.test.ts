import { describe, expect, it } from 'vitest';
import { eicarBytes } from '../src/simulator.ts';
import { ask, at, post, postUrl, start } from './harness.ts';

const EICAR_MD5 = '44d88612fea8a8f36de82e1278abb02f';
const idOf = (url: string) => Buffer.from(url).toString('base64url');
const EXAMPLE_URL = idOf('http://example.com/');

describe('a relationship with one object', () => {
  it.each([
    ['/domains/a.b.example.com/immediate_parent', 'domain', 'b.example.com'],
    ['/domains/a.b.example.com/parent', 'domain', 'example.com'],
    [`/urls/${EXAMPLE_URL}/network_location`, 'domain', 'example.com'],
    [`/urls/${idOf('http://203.0.113.7/a')}/network_location`, 'ip_address', '203.0.113.7'],
    [`/urls/${idOf('http://[2001:db8::7]/a')}/network_location`, 'ip_address', '2001:db8::7'],
  ])('%s is a %s, complete, as a descriptor and inline', async (path, type, id) => {
    const simulator = await start({ queuedMs: 0, inProgressMs: 0 });
    for (const url of ['http://203.0.113.7/a', 'http://[2001:db8::7]/a'])
      await postUrl(simulator, url);
    const [, object = '', name = ''] = /^(.*)\/(.*)$/.exec(path) ?? [];
    const complete = await ask(simulator, path);
    expect(at(complete.json, 'data')).toMatchObject({ type, id, attributes: { reputation: 0 } });
    const descriptor = await ask(simulator, `${object}/relationships/${name}`);
    expect(at(descriptor.json, 'data')).toEqual({ type, id });
    const inline = await ask(simulator, `${object}?relationships=${name}`);
    expect(at(inline.json, 'data', 'relationships', name, 'data')).toEqual({ type, id });
  });

  it.each(['/domains/example.com/parent', `/urls/${EXAMPLE_URL}/last_serving_ip_address`])(
    '%s is null',
    async (path) => {
      const simulator = await start();
      const { status, json } = await ask(simulator, path);
      expect([status, at(json, 'data')]).toEqual([200, null]);
    },
  );

  it('leads from an analysis to its file or URL', async () => {
    const simulator = await start();
    const file = await post(simulator, eicarBytes());
    const item = await ask(simulator, `/analyses/${at(file.json, 'data', 'id')}/item`);
    expect(at(item.json, 'data', 'attributes', 'md5')).toBe(EICAR_MD5);
    const url = await postUrl(simulator, 'http://new.example.com/');
    const inline = await ask(
      simulator,
      `/analyses/${at(url.json, 'data', 'id')}?relationships=item`,
    );
    expect(at(inline.json, 'data', 'relationships', 'item', 'data')).toEqual({
      type: 'url',
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      context_attributes: { url: 'http://new.example.com/' },
    });
    expect((await ask(simulator, '/analyses/unknown/item')).status).toBe(404);
  });
});
