/** What the connector warns of when it is synthesised. */
import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { isSentInClear, parseServerUrl } from '../server-url.ts';
import type { VirusTotalConnectorProps } from './connector-props.ts';

/** Warns of choices that show the API key, or what is asked, to others. */
export function warnOfExposure(
  scope: Construct,
  { serverUrl, verifySsl = true }: VirusTotalConnectorProps,
): void {
  const url = serverUrl === undefined ? null : parseServerUrl(serverUrl);
  if (url && isSentInClear(url)) {
    Annotations.of(scope).addWarningV2(
      'virustotal-connector:sentInClear',
      `serverUrl ${serverUrl} is http: the API key and all indicators cross the network in clear`,
    );
  }
  if (!verifySsl) {
    Annotations.of(scope).addWarningV2(
      'virustotal-connector:tlsNotVerified',
      'verifySsl is false: whoever stands between the functions and the server can read the API key',
    );
  }
}
