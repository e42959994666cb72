import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FolderWatch, watchFolders } from '../../../../infra/local/cli/folder-watch.ts';

let folder: string;
let watch: FolderWatch;
let changes = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'virustotal-connector-watch-'));
  await mkdir(join(folder, 'below'));
  await writeFile(join(folder, 'below/a.ts'), '1');
  changes = 0;
  watch = watchFolders([folder], async () => {
    changes += 1;
  });
});
afterEach(async () => {
  await watch.close();
  await rm(folder, { recursive: true, force: true });
});

/** Fails unless the step causes a change. */
async function expectChange(step: () => Promise<unknown>): Promise<void> {
  const before = changes;
  await step();
  await expect.poll(() => changes, { timeout: 10_000 }).toBeGreaterThan(before);
  // Late events of this step are not those of the next one.
  await sleep(300);
}

describe('watchFolders', () => {
  test('notices a file that changes again after an editor has replaced it', async () => {
    await expectChange(() => appendFile(join(folder, 'below/a.ts'), '2'));
    await writeFile(join(folder, 'below/a.new'), '3');
    await expectChange(() => rename(join(folder, 'below/a.new'), join(folder, 'below/a.ts')));
    await expectChange(() => appendFile(join(folder, 'below/a.ts'), '4'));
  });

  test('notices files in a folder that is new, removed and new again', async () => {
    for (const _round of [1, 2]) {
      await expectChange(() => mkdir(join(folder, 'below/new')));
      await expectChange(() => writeFile(join(folder, 'below/new/b.ts'), '1'));
      await expectChange(() => appendFile(join(folder, 'below/new/b.ts'), '2'));
      await expectChange(() => rm(join(folder, 'below/new'), { recursive: true }));
    }
  });

  test('is quiet once it is closed', async () => {
    await watch.close();
    await appendFile(join(folder, 'below/a.ts'), '2');
    await sleep(300);
    expect(changes).toBe(0);
  });
});
