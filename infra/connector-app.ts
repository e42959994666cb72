/** The CDK app, made by a function so that tests make the same one. */
import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import cdkJson from '../cdk.json' with { type: 'json' };
import { parseContext } from './config.ts';
import { VirusTotalConnectorStack } from './virustotal-connector-stack.ts';

/**
 * What the `cdk` command would give: the app is the same when `node infra/app.ts` runs without it.
 * The local run finds the bundles by `aws:asset:path`.
 */
const context = {
  ...cdkJson.context,
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
};

/** The app, and the one stack in it. */
export interface ConnectorApp {
  readonly app: App;
  readonly stack: VirusTotalConnectorStack;
}

/**
 * Makes the app.
 *
 * @param props - `context` adds to that of cdk.json; the command line's context goes before both
 * @throws ConfigurationError when the context is wrong
 */
export function createConnectorApp(props: AppProps = {}): ConnectorApp {
  const app = new App({
    analyticsReporting: false,
    // Whoever makes the app synthesises it; otherwise a refused context would leave an empty assembly.
    autoSynth: false,
    ...props,
    context: { ...context, ...props.context },
  });
  const stack = new VirusTotalConnectorStack(app, 'VirusTotalConnector', {
    description: 'VirusTotal connector: six operations behind a REST API',
    config: parseContext(app.node.getAllContext()),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return { app, stack };
}
