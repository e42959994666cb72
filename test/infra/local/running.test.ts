import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findRunning } from '../../../infra/local/running.ts';
import { createWorkDirectory } from '../../../infra/local/work-directory.ts';
import { listen, portOf } from '../../support/listen.ts';

/** Above the largest process id of Linux and macOS. */
const DEAD_PID = 4_999_999;
const NO_RUN = 'there is no local run; start one in another terminal with npm start';

let parent: string;
let servers: Server[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'runs-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) server.close();
  await rm(parent, { recursive: true, force: true });
});

/** Makes a run as it is on disk. @returns its port */
async function makeRun(pid: number, name: string, server?: Server): Promise<number> {
  const listening = server ?? (await listen());
  servers.push(listening);
  const port = portOf(listening);
  const directory = join(parent, `run-${pid}-${name}`);
  await mkdir(directory);
  const apiUrl = `http://127.0.0.1:${port}/v1`;
  const outputs = { UploadBucketName: `bucket-${name}` };
  await writeFile(
    join(directory, 'running.json'),
    JSON.stringify({ apiUrl, awsUrl: apiUrl, outputs }),
  );
  return port;
}

describe('findRunning', () => {
  test('finds the only run, with or without its port', async () => {
    const port = await makeRun(process.pid, 'a');
    const expected = { outputs: { UploadBucketName: 'bucket-a' } };
    await expect(findRunning(undefined, parent)).resolves.toMatchObject(expected);
    await expect(findRunning(port, parent)).resolves.toMatchObject(expected);
  });

  test('tells two runs in one folder apart by their ports, and does not guess', async () => {
    const a = await makeRun(process.pid, 'a');
    const b = await makeRun(process.ppid, 'b');

    await expect(findRunning(undefined, parent)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(
        /^2 local runs are serving, on ports .*choose one with --port/,
      ),
    });
    await expect(findRunning(undefined, parent)).rejects.toThrow(String(a));
    await expect(findRunning(undefined, parent)).rejects.toThrow(String(b));
    for (const [port, bucket] of [
      [a, 'bucket-a'],
      [b, 'bucket-b'],
    ] as const) {
      await expect(findRunning(port, parent)).resolves.toMatchObject({
        outputs: { UploadBucketName: bucket },
      });
    }
  });

  test('names the ports that are served when another is asked for', async () => {
    const port = await makeRun(process.pid, 'a');
    await expect(findRunning(1, parent)).rejects.toMatchObject({
      name: 'NotRunningError',
      message: `no local run is serving on port 1; one is on port ${port}`,
    });
  });

  test('skips a run that was killed and chooses the live one', async () => {
    await makeRun(DEAD_PID, 'dead');
    await makeRun(process.pid, 'live');
    await expect(findRunning(undefined, parent)).resolves.toMatchObject({
      outputs: { UploadBucketName: 'bucket-live' },
    });
  });

  test.each([
    ['no folder', () => rm(parent, { recursive: true })],
    ['an empty folder', async () => {}],
    ['other files only', () => writeFile(join(parent, 'run-x'), '')],
    ['a killed run only', () => makeRun(DEAD_PID, 'dead')],
  ])('says that there is no local run: %s', async (_name, prepare) => {
    await prepare();
    for (const port of [undefined, 3000]) {
      await expect(findRunning(port, parent)).rejects.toMatchObject({
        name: 'NotRunningError',
        message: NO_RUN,
      });
    }
  });

  test.each([
    ['has written no addresses yet', async () => {}],
    ['has written half of them', (path: string) => writeFile(join(path, 'running.json'), '{"api')],
  ])('says that a run is starting that %s', async (_name, prepare) => {
    const path = join(parent, `run-${process.pid}-a`);
    await mkdir(path);
    await prepare(path);
    await expect(findRunning(undefined, parent)).rejects.toThrow('one is starting');
  });

  test('does not take a live process for a run when its port is closed', async () => {
    const server = await listen();
    await makeRun(process.pid, 'a', server);
    server.close();
    await expect(findRunning(undefined, parent)).rejects.toMatchObject({ name: 'NotRunningError' });
  });
});

describe('createWorkDirectory', () => {
  test('sweeps what a killed run left, and neither a live run nor other files', async () => {
    await makeRun(DEAD_PID, 'dead');
    await makeRun(process.pid, 'live');
    await writeFile(join(parent, 'test-1'), '');

    const created = await createWorkDirectory(parent);

    const names = (await readdir(parent)).map((name) => join(parent, name));
    expect(names.toSorted()).toEqual(
      [
        created,
        ...['bundles', `run-${process.pid}-live`, 'test-1'].map((n) => join(parent, n)),
      ].toSorted(),
    );
  });

  test('gives two runs of one folder different directories', async () => {
    expect(await createWorkDirectory(parent)).not.toBe(await createWorkDirectory(parent));
  });

  // The tests may run as root, who can write everywhere: so these are folders that cannot exist.
  test.each([
    ['the folder is a file', 'local', 'local'],
    ['a folder above it is a file', 'local/a/b', 'local'],
    ['the folder for bundles is a file', 'local', 'local/bundles'],
  ])('names the folder and the reason: %s', async (_name, folder, file) => {
    if (file.includes('/')) await mkdir(join(parent, folder));
    await writeFile(join(parent, file), '');
    const path = join(parent, folder);

    const failure = await createWorkDirectory(path).catch((error: unknown) => error);

    expect(failure).toMatchObject({ name: 'FolderError' });
    expect(String(failure)).toContain(`the local run cannot keep its files in ${path}: E`);
    expect(String(failure)).not.toContain('\n');
  });
});
