/** The README's own triggers, synthesised as they are written, with the deployed bundles: an upload is submitted. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeBlocksOf, readText, root } from '../docs/markdown.ts';
import { STARTUP_MS, startTestStack, type TestStack } from '../support/running-stack.ts';

const snippets = codeBlocksOf(readText('README.md'))
  .filter(({ heading, info }) => heading.includes('Your own triggers') && info === 'ts')
  .map(({ text }) => text);

/** An app with the triggers in its stack. `scanBucket` is for a bucket that sends its events itself. */
const source = `
import { Duration, Stack } from 'aws-cdk-lib';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination, SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { prepareBundles } from '../../infra/bundle/bundle-cache.ts';
import { createConnectorApp } from '../../infra/connector-app.ts';
import { submitFile } from '../../shared/operations/catalogue.ts';

await prepareBundles();
const { app, stack } = createConnectorApp();
const connector = stack.node.findChild('VirusTotalConnector');
(function (this: Stack) {
${snippets.join('\n')}
}).call(stack);
const scanned = { eventBridgeEnabled: true, enforceSSL: true, serverAccessLogsPrefix: 'logs/' };
connector.scanBucket(new Bucket(stack, 'Scanned', scanned));
app.synth();
`;

let directory: string;
let running: TestStack;

beforeAll(async () => {
  await mkdir(join(root, '.local'), { recursive: true });
  directory = await mkdtemp(join(root, '.local', 'own-triggers-'));
  const app = join(directory, 'app.ts');
  await writeFile(app, source);
  const assembly = join(directory, 'assembly');
  await promisify(execFile)(process.execPath, [app], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: assembly },
  });
  running = await startTestStack({ directory: assembly, speed: 20 });
}, STARTUP_MS);
afterAll(async () => {
  await running?.close();
  await rm(directory, { recursive: true, force: true });
});

const submissions = () =>
  running.simulator.requests.filter(
    ({ method, path }) => method === 'POST' && /\/files/.test(path),
  );

const bucketOf = (id: string) =>
  running.stack.buckets.find(({ logicalId }) => logicalId.startsWith(id))?.name;

it.each(['my-incoming-files', 'my-archive', 'Scanned'])(
  'submits an upload to %s',
  async (name) => {
    const before = submissions().length;
    await running.put('report (1).txt', `a new file in ${name}`, bucketOf(name) ?? name);
    await expect.poll(() => submissions().length - before, { timeout: 60_000 }).toBe(1);
  },
  90_000,
);
