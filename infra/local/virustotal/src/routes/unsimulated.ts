/** Routes that VirusTotal has and the simulator does not serve. They say so, instead of looking like a missing object. */
import { refuse } from '../http/answer.ts';
import type { ApiRequest, Route } from '../http/service.ts';
import { API_PATH } from '../objects/links.ts';

/** Collections with no simulated route (https://docs.virustotal.com/reference, and VirusTotal's own clients). */
const collections = [
  'attack_tactics',
  'attack_techniques',
  'collections',
  'comments',
  'feeds',
  'file_behaviours',
  'graphs',
  'groups',
  'intelligence',
  'ioc_stream',
  'ioc_stream_notifications',
  'metadata',
  'monitor',
  'monitor_partner',
  'operations',
  'popular_threat_categories',
  'private',
  'resolutions',
  'search',
  'service_accounts',
  'sigma_rules',
  'submission',
  'threat_actors',
  'threat_profiles',
  'yara_rules',
  'yara_rulesets',
];

const ofFiles = ['behaviour_mitre_trees', 'behaviour_summary', 'download', 'download_url'];

export const unsimulatedRoutes: readonly Route[] = [
  ...collections.flatMap((name) => [routeOf(name), routeOf(`${name}/*`)]),
  routeOf('users/*'),
  ...ofFiles.map((name) => routeOf(`files/:id/${name}`)),
  ...['files', 'urls', 'ip_addresses', 'domains'].flatMap((collection) => [
    routeOf(`${collection}/:id/comments`, ['POST']),
    routeOf(`${collection}/:id/votes`, ['POST']),
  ]),
];

function routeOf(
  path: string,
  method: Route['method'] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
): Route {
  return { method, path: `${API_PATH}/${path}`, handle: refuseUnsimulated };
}

function refuseUnsimulated({ record: { method, path } }: ApiRequest): never {
  throw refuse('NotImplementedError', `${method} ${path} is not simulated`);
}
