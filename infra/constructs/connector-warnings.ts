/** Warnings at synthesis. */
import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { parseServerUrl } from '../../shared/virustotal/server.ts';
import type { VirusTotalConnectorProps } from './connector-props.ts';

/** Warns of settings that expose the API key or the indicators to others. */
export function warnOfExposure(
  scope: Construct,
  { serverUrl, verifySsl = true }: VirusTotalConnectorProps,
): void {
  const url = serverUrl === undefined ? null : parseServerUrl(serverUrl);
  if (url && isSentInClear(url)) {
    Annotations.of(scope).addWarningV2(
      'virustotal-connector:sentInClear',
      `serverUrl ${serverUrl} is plain http, so the API key and all indicators cross the network unencrypted`,
    );
  }
  if (!verifySsl) {
    Annotations.of(scope).addWarningV2(
      'virustotal-connector:tlsNotVerified',
      'verifySsl is false, so anyone between the functions and the server can read the API key',
    );
  }
}

/** Whether requests to this server, and the API key in them, would cross a network unencrypted. */
function isSentInClear(url: URL): boolean {
  return url.protocol === 'http:' && !/^(localhost|127\.[0-9.]+|\[::1\])$/.test(url.hostname);
}
