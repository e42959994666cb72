import { expect, it } from 'vitest';
import { ask, error, start } from './harness.ts';

const FILE = '44d88612fea8a8f36de82e1278abb02f';

it.each([
  ['GET', '/search?query=example.com', '/search'],
  ['GET', '/intelligence/search?query=p', '/intelligence/search'],
  ['GET', '/metadata', '/metadata'],
  ['GET', '/comments', '/comments'],
  ['GET', '/popular_threat_categories', '/popular_threat_categories'],
  ['GET', `/files/${FILE}/behaviour_summary`, `/files/${FILE}/behaviour_summary`],
  ['GET', `/files/${FILE}/download_url`, `/files/${FILE}/download_url`],
  ['POST', `/files/${FILE}/comments`, `/files/${FILE}/comments`],
  ['POST', '/domains/example.com/votes', '/domains/example.com/votes'],
  ['POST', '/private/files', '/private/files'],
  ['GET', '/feeds/files/202611241200', '/feeds/files/202611241200'],
  ['DELETE', '/collections/1', '/collections/1'],
  ['PATCH', '/users/simulator', '/users/simulator'],
  ['GET', `/users/${'a'.repeat(64)}/groups`, '/users/{apikey}/groups'],
])('%s %s says that it is not simulated', async (method, path, shown) => {
  const simulator = await start();
  const { status, json } = await ask(simulator, path, { method });
  expect(status).toBe(501);
  const message = `${method} /api/v3${shown} is not simulated`;
  expect(JSON.stringify(json).replaceAll('a'.repeat(64), '{apikey}')).toBe(
    JSON.stringify(error('NotImplementedError', message)),
  );
});

it('asks for a key first', async () => {
  const simulator = await start();
  expect((await ask(simulator, '/search', {}, null)).status).toBe(401);
});

it.each([
  ['GET', '/nonsense'],
  ['GET', '/searches'],
  ['POST', '/files/'],
  ['POST', `/files/${FILE}`],
  ['PUT', '/domains/example.com'],
])('%s %s does not exist', async (method, path) => {
  const simulator = await start();
  const { status, json } = await ask(simulator, path, { method });
  expect([status, json]).toEqual([404, error('NotFoundError', 'Resource not found.')]);
});
