import { expect, it } from 'vitest';
import { samples } from '../src/simulator.ts';
import { ask, categories, count, start } from './harness.ts';

it('answers every sample with its verdict', async () => {
  const simulator = await start();
  const paths = { file: 'files', url: 'urls', ip_address: 'ip_addresses', domain: 'domains' };
  for (const { kind, id, verdict } of samples) {
    const resource = kind === 'url' ? Buffer.from(id).toString('base64url') : id;
    const { status, json } = await ask(simulator, `/${paths[kind]}/${resource}`);
    const found = categories(json);
    const has = (category: string) => found.includes(category);
    const shown =
      status === 404
        ? 'unknown'
        : found.length === 0
          ? 'never analysed'
          : count(json, 'malicious') > 3
            ? 'malicious'
            : has('suspicious')
              ? 'suspicious'
              : 'clean';
    expect(`${id} ${shown}`).toBe(`${id} ${verdict === 'eicar' ? 'malicious' : verdict}`);
  }
});
