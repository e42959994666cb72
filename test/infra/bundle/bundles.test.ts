/** What is deployed: size and content of the bundles, and what they load when they start. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildBundles, functionStems } from '../../../infra/bundle/build-bundles.ts';
import { bundleSources, prepareBundles } from '../../../infra/bundle/bundle-cache.ts';
import { useNativeHash, writeOutKeys } from '../../../infra/bundle/lean-sdk.ts';

const root = join(import.meta.dirname, '../../..');
const directory = mkdtempSync(join(tmpdir(), 'virustotal-connector-bundle-'));
let metafile: Metafile;

beforeAll(async () => {
  metafile = await buildBundles(directory, 'warning');
});
afterAll(() => rmSync(directory, { recursive: true }));

const KIB = 1024;

/** Size limit of a bundle, bytes. */
function budgetOf(stem: string): number {
  if (['submit-file', 'record-verdict'].includes(stem)) return 420 * KIB;
  return stem === 'keep-report' ? 280 * KIB : 285 * KIB;
}

interface Bundle {
  readonly bytes: number;
  readonly inputs: readonly string[];
  readonly imports: readonly { path: string; kind: string }[];
  readonly file: string;
}

describe.each(functionStems())('the bundle of %s', (stem) => {
  const needsS3 = ['submit-file', 'record-verdict', 'keep-report', 'find-unscanned'].includes(stem);
  let bundle: Bundle;

  beforeAll(() => {
    const output = Object.entries(metafile.outputs).find(([path]) =>
      path.endsWith(`/${stem}/index.mjs`),
    )?.[1];
    if (!output) throw new Error(`esbuild wrote no ${stem}/index.mjs`);
    bundle = {
      bytes: output.bytes,
      inputs: Object.entries(output.inputs)
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([path]) => path),
      imports: output.imports,
      file: join(directory, stem, 'index.mjs'),
    };
  });

  test('is not too large', () => {
    expect(bundle.bytes).toBeLessThanOrEqual(budgetOf(stem));
  });

  test('contains no unused client, no locales and no tests', () => {
    const needsStepFunctions = ['submit-file', 'submission-status', 'record-verdict'].includes(
      stem,
    );
    const forbidden = [
      needsStepFunctions ? /(?!)/ : /client-sfn/,
      needsS3 ? /(?!)/ : /client-s3/,
      /zod\/v4\/locales/,
      /^test\//,
      // Only these parse outputs: of receipts, and of a playbook.
      ['submit-file', 'submit-url', 'submission-status'].includes(stem)
        ? /(?!)/
        : /^shared\/operations\/(?:outputs|.*\/(?:accepted-output|output|output-fields|answer-fields))\.ts$/,
      /^infra\/(?!bundle\/globals)/,
      /undici/,
      /aws-sdk\/client-sts/,
    ];
    const found = bundle.inputs.filter((path) => forbidden.some((pattern) => pattern.test(path)));
    expect(found).toEqual([]);
  });

  test('imports nothing statically', () => {
    const statically = bundle.imports.filter(({ kind }) => kind === 'import-statement');
    expect(statically).toEqual([]);
  });

  test('loads only what it needs when it starts', () => {
    const script = `await import(${JSON.stringify(bundle.file)}); console.log(JSON.stringify(process.moduleLoadList)); process.exit(0)`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
        REPORT_BUCKET: 'reports',
        STATE_TABLE: 'state',
        SCAN_FILTER: '{}',
        SUBMIT_FILE_STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:x',
        EVENT_BUS_NAME: 'default',
        SCAN_UPLOAD_EXECUTIONS: 'arn:aws:states:us-east-1:000000000000:execution:x-',
        VIRUSTOTAL_SERVER_URL: 'http://127.0.0.1:9',
        VIRUSTOTAL_API_KEY_SECRET_ARN:
          'arn:aws:secretsmanager:us-east-1:000000000000:secret:key-abcdef',
      },
      encoding: 'utf8',
    });
    const loaded: string[] = JSON.parse(output.trim().split('\n').at(-1) ?? '[]');
    expect(loaded.length).toBeGreaterThan(100);
    // The S3 client needs file and web streams.
    const unneeded = needsS3
      ? /undici|http2|perf_hooks/
      : /undici|http2|perf_hooks|readline|webstreams/;
    expect(loaded.filter((module) => unneeded.test(module))).toEqual([]);
  });
});

describe('prepareBundles', () => {
  test('returns the same bundles as a build', async () => {
    const prepared = await prepareBundles();
    for (const stem of functionStems()) {
      for (const file of ['index.mjs', 'index.mjs.map']) {
        const [kept, built] = await Promise.all(
          [prepared, directory].map((folder) => readFile(join(folder, stem, file))),
        );
        expect(kept).toEqual(built);
      }
    }
  });

  test('distinguishes bundles by everything they are built from', () => {
    const isCovered = (input: string) =>
      /(?:^|\/)node_modules\/|^(?:whole-)?builtin:/.test(input) ||
      bundleSources.some((source) => input === source || input.startsWith(`${source}/`));
    expect(Object.keys(metafile.inputs).filter((input) => !isCovered(input))).toEqual([]);
  });
});

describe('writeOutKeys', () => {
  test('replaces keys that are constants of the same file, and no others', () => {
    const source = 'const _a = "x-y";\nexport var s = [0, { [_a]: _a, [_b]: 1, c: 2 }];\n';
    expect(writeOutKeys(source)).toBe(
      'const _a = "x-y";\nexport var s = [0, { "x-y": _a, [_b]: 1, c: 2 }];\n',
    );
  });

  test("replaces every computed key in the S3 client's schemas", async () => {
    const path = join(root, 'node_modules/@aws-sdk/client-s3/dist-es/schemas/schemas_0.js');
    const source = await readFile(path, 'utf8');
    expect(source).toMatch(/\[_\w+\]:/);
    expect(writeOutKeys(source)).not.toMatch(/\[_\w+\]:/);
  });
});

test('useNativeHash leaves out the hashes in JavaScript', async () => {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const hashes = (language: string) =>
    inputs.filter((path) => new RegExp(`(?:Sha256|Sha1|Md5)${language}\\.js$`).test(path));
  expect(hashes('Node').length).toBeGreaterThan(0);
  expect(hashes('Js')).toEqual([]);
  expect(() => useNativeHash('export const Md5Node = Md5Js;')).toThrow('adapt');
});

test('leanZod finds what it shortens', async () => {
  const path = join(root, 'node_modules/zod/v4/mini/schemas.js');
  expect(await readFile(path, 'utf8')).toContain('core.util.');
  const { bytesInOutput } =
    Object.entries(metafile.outputs)
      .filter(([output]) => output.endsWith('/url-reputation/index.mjs'))
      .map(([, { inputs }]) => inputs['node_modules/zod/v4/core/util.js'])[0] ?? {};
  expect(bytesInOutput).toBeLessThan(6 * KIB);
});
