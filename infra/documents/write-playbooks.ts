/** Writes docs/playbooks.md from the synthesised definitions; a test fails when it is stale. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { createConnectorApp } from '../connector-app.ts';
import { definitionsOf } from './definitions.ts';
import { pageOf } from './page.ts';

const outdir = await mkdtemp(join(tmpdir(), 'virustotal-connector-playbooks-'));
try {
  const { stack } = createConnectorApp({ outdir, context: { 'aws:cdk:bundling-stacks': [] } });
  const template = Template.fromStack(stack);
  const machines = template.findResources('AWS::StepFunctions::StateMachine');
  const path = join(import.meta.dirname, '../../docs/playbooks.md');
  await writeFile(path, pageOf(definitionsOf(machines)));
} finally {
  await rm(outdir, { recursive: true });
}
