/** The version of the schemas changes with each of their files, and is in the bundles. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { bundleOptions } from '../../../infra/bundle/options.ts';
import { answerSchemasVersion } from '../../../infra/bundle/schema-version.ts';

const folder = join(import.meta.dirname, '../../../shared/virustotal/answers');

it('changes when any schema changes, and only then', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'schema-version-'));
  onTestFinished(() => rm(copy, { recursive: true }));
  await cp(folder, copy, { recursive: true });
  const version = answerSchemasVersion();
  expect(version).toMatch(/^[0-9a-f]{12}$/);
  expect(answerSchemasVersion(copy)).toBe(version);
  const files = await readdir(copy);
  expect(files).toContain('file.ts');
  for (const file of files) {
    const path = join(copy, file);
    const text = await readFile(path, 'utf8');
    await writeFile(path, `${text}\n`);
    expect(answerSchemasVersion(copy), file).not.toBe(version);
    // Another line ending is no other schema.
    await writeFile(path, text.replaceAll('\n', '\r\n'));
    expect(answerSchemasVersion(copy), file).toBe(version);
  }
});

it('is written into the bundles', () => {
  const { define } = bundleOptions({}, 'out');
  expect(define).toEqual({ ANSWER_SCHEMAS: JSON.stringify(answerSchemasVersion()) });
});
