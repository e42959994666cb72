/** The CDK app, created by a function so that tests create the same one. */
import { App, type AppProps, Aspects, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import cdkJson from '../cdk.json' with { type: 'json' };
import { parseContext } from './config.ts';
import featureFlags from './feature-flags.json' with { type: 'json' };
import { DeploymentChecks } from './validation/deployment-checks.ts';
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
  Aspects.of(app).add({ visit: acknowledgeCdkFunction });
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new ServerlessChecks(app),
    new DeploymentChecks(),
  );
  return { app, stack };
}

/** CDK adds a function to a stack whose buckets send notifications, with a role that the stack cannot choose. */
function acknowledgeCdkFunction(node: IConstruct): void {
  if (!node.node.id.startsWith('BucketNotificationsHandler')) return;
  Validations.of(node).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    reason: 'The role of the function with which CDK creates notifications of buckets.',
  });
}
