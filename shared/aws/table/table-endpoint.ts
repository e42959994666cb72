/** Where DynamoDB is. */
import type { Environment } from '../../environment.ts';
import { awsClientDefaults } from '../client-defaults.ts';

/** Domains of the partitions that have another one than amazonaws.com, by the beginning of their Regions. */
const domains: readonly (readonly [region: string, domain: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['us-isof-', 'csp.hci.ic.gov'],
];

/**
 * Returns the endpoint of the Region, or the one that the environment sets for the SDK.
 *
 * @throws Error if the Region is not set
 */
export function tableEndpoint(environment: Environment): URL {
  const { endpoint } = awsClientDefaults('DYNAMODB', environment);
  if (endpoint) return new URL(endpoint);
  const region = environment.AWS_REGION;
  if (!region) throw new Error('AWS_REGION is not set; DynamoDB is called in a Region');
  const isSet = (name: string) => environment[name]?.toLowerCase() === 'true';
  const fips = isSet('AWS_USE_FIPS_ENDPOINT') ? '-fips' : '';
  const domain = domains.find(([start]) => region.startsWith(start))?.[1] ?? 'amazonaws.com';
  const isDual = isSet('AWS_USE_DUALSTACK_ENDPOINT');
  const suffix = isDual && domain === 'amazonaws.com' ? 'api.aws' : domain;
  return new URL(`https://dynamodb${fips}.${region}.${suffix}/`);
}
