/** The VirusTotal that a local run uses: simulated or, with `--live`, the real one. */
import type { Clock } from '@local/cloud';
import { PREMIUM_KEY, PUBLIC_KEY, type Simulator, startSimulator } from '@local/virustotal';
import { UsageError } from '../../command-line/usage-error.ts';
import type { StartOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Where VirusTotal is, and the key to use. */
export interface VirusTotal {
  readonly url: string;
  readonly key: string;
  /** The simulator's key, which is no secret; undefined for the real service. */
  readonly shownKey?: string;
  close(): Promise<void>;
}

/**
 * Starts the simulator, or reads the key of the real service from the environment.
 *
 * @throws UsageError when `--live` finds no key
 */
export async function startVirusTotal(
  { live, quota, context, virusTotalPort }: StartOptions,
  { now }: Clock,
  terminal: Terminal,
): Promise<VirusTotal> {
  if (live) {
    const url = context.serverUrl ?? 'https://www.virustotal.com';
    return { url, key: liveKey(), close: async () => {} };
  }
  const { url, close } = await terminal.step(
    'start the simulated VirusTotal',
    (): Promise<Simulator> =>
      startSimulator({
        now,
        port: virusTotalPort,
        keys: [
          { key: PUBLIC_KEY, tier: 'public', perMinute: quota },
          { key: PREMIUM_KEY, tier: 'premium', perMinute: quota },
        ],
        onRequest: (line) => terminal.event('upstream', line),
      }),
  );
  const key = context.tier === 'premium' ? PREMIUM_KEY : PUBLIC_KEY;
  return { url, key, shownKey: key, close };
}

function liveKey(): string {
  const key = process.env.VIRUSTOTAL_API_KEY?.trim();
  if (!key) {
    throw new UsageError('--live needs the API key in the environment variable VIRUSTOTAL_API_KEY');
  }
  return key;
}
