import { execFile } from 'node:child_process';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseStartOptions } from '../../../../infra/local/cli/options.ts';
import { refuseBusyPorts } from '../../../../infra/local/cli/ports.ts';
import { listen, portOf } from '../../../support/listen.ts';

const start = join(import.meta.dirname, '../../../../infra/local/start.ts');

let servers: Server[];
let taken: number[];

beforeAll(async () => {
  servers = [await listen(), await listen(), await listen()];
  taken = servers.map(portOf);
});
afterAll(() => {
  for (const server of servers) server.close();
});

function optionsOf(args: readonly string[]) {
  const options = parseStartOptions(args);
  if (options === 'help') throw new Error('expected options');
  return options;
}

const names = ['--port', '--aws-port', '--virustotal-port'] as const;

describe('refuseBusyPorts', () => {
  test.each(names)('names a taken port and %s', async (name) => {
    const free = ['--port', '0', '--aws-port', '0'];
    const options = optionsOf([...free, name, String(taken[0])]);
    await expect(refuseBusyPorts(options)).rejects.toMatchObject({
      name: 'PortError',
      message: `port ${taken[0]} is in use; choose another with ${name} (0: any free port)`,
    });
  });

  test('names all taken ports at once', async () => {
    const options = optionsOf(names.flatMap((name, index) => [name, String(taken[index])]));
    const failure = await refuseBusyPorts(options).catch((error: unknown) => error);
    for (const port of taken) expect(String(failure)).toContain(`port ${port} is in use`);
  });

  test('takes 0 and free ports, and leaves them free', async () => {
    const server = await listen();
    const port = portOf(server);
    server.close();
    const options = optionsOf(['--port', String(port), '--aws-port', '0']);
    await refuseBusyPorts(options);
    await refuseBusyPorts(options);
  });
});

test('npm start names a taken port before it starts anything', async () => {
  const failure: unknown = await promisify(execFile)(process.execPath, [
    start,
    '--port',
    String(taken[0]),
    '--aws-port',
    String(taken[1]),
  ]).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 1,
    stdout: 'VirusTotal connector, local run\n',
    stderr: [
      `port ${taken[0]} is in use; choose another with --port (0: any free port)\n`,
      `port ${taken[1]} is in use; choose another with --aws-port (0: any free port)\n`,
    ].join(''),
  });
});
