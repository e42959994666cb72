/** Finds out whether the ports of a local run are free. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { StartOptions } from './options.ts';

/** A port cannot be used; the message names it and its option. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

/**
 * Refuses ports that are taken, all at once. Port 0 is any free one.
 *
 * @throws PortError
 */
export async function refuseBusyPorts(options: StartOptions): Promise<void> {
  const ports = [
    ['--port', options.port],
    ['--aws-port', options.awsPort],
    ['--virustotal-port', options.virusTotalPort],
  ] as const;
  const problems: string[] = [];
  for (const [option, port] of ports) {
    const code = port === 0 ? undefined : await codeOfListening(port);
    if (code === undefined) continue;
    const problem = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${code})`;
    problems.push(`port ${port} ${problem}; choose another with ${option} (0: any free port)`);
  }
  if (problems.length > 0) throw new PortError(problems.join('\n'));
}

/** @returns undefined when the port is free */
async function codeOfListening(port: number): Promise<string | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    server.close();
  }
}
