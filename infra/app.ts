/** Synthesises the stack, run by `cdk` or as `CDK_OUTDIR=dir node infra/app.ts`. */
import { prepareBundles } from './bundle/bundle-cache.ts';
import { ConfigurationError } from './config.ts';
import { createConnectorApp } from './connector-app.ts';

try {
  await prepareBundles();
  createConnectorApp().app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
