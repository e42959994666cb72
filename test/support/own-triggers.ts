/** The README's own triggers, synthesised as they are written. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeBlocksOf, readText, root } from '../docs/markdown.ts';
import { sharedDirectory } from './test-assembly.ts';

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

/** Writes the app that synthesises the triggers. @returns its path */
export async function writeOwnTriggersApp(directory: string): Promise<string> {
  const app = join(directory, 'app.ts');
  await writeFile(app, source);
  return app;
}

/** The cloud assembly of a stack with the triggers. @returns its directory, which must not be changed */
export async function ownTriggersAssembly(): Promise<string> {
  const made = await sharedDirectory(source, async (directory) => {
    const app = await writeOwnTriggersApp(directory);
    await promisify(execFile)(process.execPath, [app], {
      cwd: root,
      env: { ...process.env, CDK_OUTDIR: join(directory, 'assembly') },
    });
  });
  return join(made, 'assembly');
}
