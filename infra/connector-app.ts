/** The CDK app, created by a function so that tests create the same one. */
import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import cdkJson from '../cdk.json' with { type: 'json' };
import { parseContext } from './config.ts';
import featureFlags from './feature-flags.json' with { type: 'json' };
import { VirusTotalConnectorStack } from './virustotal-connector-stack.ts';

/**
 * Context that the `cdk` command would pass, so that `node infra/app.ts` makes the same app without it. The
 * local run finds the bundles by `aws:asset:path`.
 */
const context = {
  ...featureFlags,
  ...cdkJson.context,
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
};

/** The app and its one stack. */
export interface ConnectorApp {
  readonly app: App;
  readonly stack: VirusTotalConnectorStack;
}

/**
 * Creates the app.
 *
 * @param props - `context` overrides cdk.json; the context of the command line overrides both
 * @throws ConfigurationError if the context is invalid
 */
export function createConnectorApp(props: AppProps = {}): ConnectorApp {
  const app = new App({
    analyticsReporting: false,
    // The caller synthesises, because an invalid context would otherwise leave an empty assembly.
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
