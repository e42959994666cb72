import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { parseContext } from '../../infra/config.ts';
import { createConnectorApp } from '../../infra/connector-app.ts';
import featureFlags from '../../infra/feature-flags.json' with { type: 'json' };
import { testAssembly } from '../support/test-assembly.ts';

/** A synthesis takes minutes on a busy machine. */
const TIMEOUT_MS = 240_000;

const app = join(import.meta.dirname, '../../infra/app.ts');

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'virustotal-connector-app-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs the app as the cdk command does: by its directory and context in the environment. */
async function runApp(context: Record<string, unknown>) {
  const directory = await temporaryDirectory();
  const env = {
    ...process.env,
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
    // The CDK's own rules take most of the time; `npm run synth` checks them.
    CDK_VALIDATION: 'false',
  };
  const ended = await promisify(execFile)(process.execPath, [app], { env }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    (error: { code: number; stderr: string }) => error,
  );
  return { code: ended.code, stderr: ended.stderr, files: await readdir(directory) };
}

describe('infra/app.ts', () => {
  it(
    'writes the template where the environment says, without the cdk command',
    async () => {
      // Made by the app with a directory in its environment, for all tests that run the stack.
      expect(await readdir(await testAssembly())).toContain('VirusTotalConnector.template.json');
    },
    TIMEOUT_MS,
  );

  it(
    'says what is wrong with the context, without a stack trace, and writes nothing',
    async () => {
      const { code, stderr, files } = await runApp({ tier: 'gold', colour: 'blue' });
      expect(code).toBe(1);
      expect(stderr.trimEnd().split('\n')).toEqual([
        'invalid CDK context:',
        expect.stringMatching(/^ {2}colour: unknown setting; allowed: serverUrl, /),
        '  tier: got "gold"; allowed: public or premium',
      ]);
      expect(files).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('createConnectorApp', () => {
  it(
    'fails the synthesis on a cdk-nag finding that is not acknowledged',
    async () => {
      const outdir = await temporaryDirectory();
      const { app: made, stack } = createConnectorApp({
        outdir,
        context: { 'aws:cdk:bundling-stacks': [] },
      });
      new Bucket(stack, 'Careless');
      expect(() => made.synth()).toThrow(/AwsSolutions-S10/);
    },
    TIMEOUT_MS,
  );
});

describe('cdk.json', () => {
  it('shows every setting that has a default, with that default', () => {
    const { context } = cdkJson;
    expect(parseContext(context)).toEqual(parseContext({}));
    expect(Object.keys(context)).toEqual([...Object.keys(parseContext({})), 'cli-telemetry']);
  });
});

describe('infra/feature-flags.json', () => {
  it('sets every recommended feature flag of this version of the library', () => {
    const recommended = createRequire(import.meta.url)(
      'aws-cdk-lib/recommended-feature-flags.json',
    );
    expect(featureFlags).toMatchObject(recommended);
  });

  it('makes findings of CloudFormation errors', () => {
    expect(featureFlags['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
  });
});
