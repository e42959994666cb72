/** Environment for modules that read it once, when they are loaded. */
import { vi } from 'vitest';

/**
 * Sets variables. Modules that are imported from now on are loaded with them.
 *
 * @returns restores the variables and drops those modules, since other test files share the process
 */
export function setEnvironment(environment: Readonly<Record<string, string>>): () => void {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.resetModules();
  return () => {
    vi.unstubAllEnvs();
    vi.resetModules();
  };
}
