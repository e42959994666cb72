/** Environment for functions, which read it once, when they are loaded. */
import { join } from 'node:path';
import { vi } from 'vitest';

/** Sets variables. @returns restores them, since other test files share the process */
export function setEnvironment(environment: Readonly<Record<string, string>>): () => void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  return () => vi.unstubAllEnvs();
}

let loads = 0;

/**
 * Loads a function with the environment as it is now, however often it was loaded before. The modules that it
 * imports are loaded once: loading them for every test took half of the time of these tests.
 *
 * @param stem - of its file
 */
export async function loadFunction<Module>(stem: string): Promise<Module> {
  loads += 1;
  const path = join(import.meta.dirname, `../../functions/${stem}.ts`);
  return await import(`${path}?load=${loads}`);
}
