import { describe, expect, it } from 'vitest';
import { PUBLIC_KEY } from '../src/simulator.ts';
import { ask, error, start } from './harness.ts';

describe('the API key', () => {
  it('is required', async () => {
    const simulator = await start();
    const { status, json } = await ask(simulator, '/domains/example.com', {}, null);
    expect(status).toBe(401);
    expect(json).toEqual(error('AuthenticationRequiredError', 'X-Apikey header is missing'));
  });

  it('is echoed if it is wrong, as by the real service', async () => {
    const simulator = await start();
    const { status, json } = await ask(simulator, '/domains/example.com', {}, 'not-the-key');
    expect(status).toBe(401);
    expect(json).toEqual(error('WrongCredentialsError', 'Wrong API key: not-the-key'));
  });

  it('is refused after it is revoked', async () => {
    const simulator = await start();
    expect((await ask(simulator, '/domains/example.com')).status).toBe(200);
    simulator.revoke(PUBLIC_KEY);
    expect((await ask(simulator, '/domains/example.com')).status).toBe(401);
    expect(simulator.requests.map(({ isKeyRight }) => isKeyRight)).toEqual([true, false]);
    simulator.reset();
    expect((await ask(simulator, '/domains/example.com')).status).toBe(200);
  });

  it('is required at an upload URL, too', async () => {
    const simulator = await start();
    const { status } = await ask(
      simulator,
      `${simulator.url}/_ah/upload/x/`,
      { method: 'POST' },
      null,
    );
    expect(status).toBe(401);
  });

  it('is neither recorded nor logged, valid or not', async () => {
    const lines: string[] = [];
    const simulator = await start({ onRequest: (line) => lines.push(line) });
    await ask(simulator, `/users/${PUBLIC_KEY}/overall_quotas?again=${PUBLIC_KEY}`);
    await ask(simulator, '/users/not-the-key/overall_quotas', {}, 'not-the-key');
    const [right, wrong] = simulator.requests;
    expect(right).toMatchObject({
      path: '/api/v3/users/{apikey}/overall_quotas',
      query: 'again={apikey}',
      isKeyRight: true,
      status: 200,
    });
    expect(wrong).toMatchObject({
      path: '/api/v3/users/{apikey}/overall_quotas',
      isKeyRight: false,
      status: 401,
    });
    const all = JSON.stringify([simulator.requests, lines]);
    expect(all).not.toContain(PUBLIC_KEY);
    expect(all).not.toContain('not-the-key');
    expect(lines[0]).toContain('GET /api/v3/users/{apikey}/overall_quotas');
  });
});

describe('answers', () => {
  it('are 404 for an unknown path', async () => {
    const simulator = await start();
    const { status, json } = await ask(simulator, '/nothing');
    expect(status).toBe(404);
    expect(json).toEqual(error('NotFoundError', 'Resource not found.'));
  });

  it('are compressed only if the user agent names gzip, too', async () => {
    const simulator = await start();
    const accepts = { 'accept-encoding': 'gzip' };
    const plain = await ask(simulator, '/domains/example.com', {
      headers: { ...accepts, 'user-agent': 'test' },
    });
    const packed = await ask(simulator, '/domains/example.com', {
      headers: { ...accepts, 'user-agent': 'test (gzip)' },
    });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.json).toEqual(plain.json);
  });
});
