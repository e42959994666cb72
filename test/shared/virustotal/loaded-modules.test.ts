import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const client = new URL('../../../shared/virustotal/client.ts', import.meta.url);

it('the client loads neither undici nor fetch, even for a request', () => {
  const program = `
    const { createVirusTotalClient } = await import(${JSON.stringify(client.href)});
    const apiKey = { get: async () => 'key', refresh: async () => 'key' };
    const gate = { admit: async () => ({ ended: async () => {} }) };
    const client = createVirusTotalClient({ serverUrl: 'http://127.0.0.1:1', verifyTls: true, apiKey, gate, random: () => 0 });
    const outcome = await client.file('${'ab'.repeat(32)}', { deadline: Date.now() + 5000 }).catch(({ name }) => name);
    console.log(JSON.stringify({ outcome, loaded: process.moduleLoadList.filter((name) => /undici|fetch/.test(name)) }));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(JSON.parse(output)).toEqual({ outcome: 'UpstreamUnavailableError', loaded: [] });
});
