/** Writes docs/openapi.json from the catalogue; with `--check` only compares, and fails when it is stale. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openApiDocument } from '../openapi/document.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const path = join(import.meta.dirname, '../../docs/openapi.json');
const text = `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (!values.check) {
  await writeFile(path, text);
} else if ((await readFile(path, 'utf8')) !== text) {
  console.error('docs/openapi.json is stale: npm run openapi');
  process.exitCode = 1;
}
