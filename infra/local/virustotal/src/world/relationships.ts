/** The relationships that VirusTotal has. */
import type { Kind } from './analyses.ts';

/** An object with relationships. */
export interface Subject {
  readonly kind: Kind | 'analysis';
  readonly id: string;
}

/** A relationship. */
export interface Relationship {
  /** Whether it needs a premium key. */
  readonly isPremium: boolean;
  /** Whether it leads to at most one object instead of a list. */
  readonly isToOne: boolean;
}

const ofEverySite =
  'collections comments communicating_files graphs historical_ssl_certificates historical_whois referrer_files related_comments resolutions user_votes votes';
const ofEverySitePremium =
  'downloaded_files memory_pattern_parents references related_attack_techniques related_references related_threat_actors urls';

/**
 * Names by kind of object and by the key that they need, from the pages of the objects at
 * https://docs.virustotal.com/reference, where a lock marks the premium ones.
 */
const names: Readonly<Record<Subject['kind'], { everyone: string; premium: string }>> = {
  file: {
    everyone:
      'behaviours bundled_files collections comments contacted_domains contacted_ips contacted_urls dropped_files execution_parents graphs pe_resource_children pe_resource_parents user_votes votes',
    premium:
      'analyses attack_techniques carbonblack_children carbonblack_parents ciphered_bundled_files ciphered_parents clues code_blocks compressed_parents distributors email_attachments email_parents email_senders embedded_domains embedded_ips embedded_urls hash_collisions itw_domains itw_ips itw_urls memory_pattern_domains memory_pattern_ips memory_pattern_urls overlay_children overlay_parents pcap_children pcap_parents references related_attack_techniques related_references related_threat_actors screenshots sigma_analysis similar_files submissions urls_for_embedded_js',
  },
  url: {
    everyone:
      'collections comments graphs last_serving_ip_address network_location related_comments user_votes votes',
    premium:
      'analyses communicating_files contacted_domains contacted_ips downloaded_files embedded_js_files http_response_contents memory_pattern_parents redirecting_urls redirects_to references referrer_files referrer_urls related_attack_techniques related_collections related_references related_threat_actors submissions urls_related_by_tracker_id',
  },
  ip_address: { everyone: ofEverySite, premium: ofEverySitePremium },
  domain: {
    everyone: `${ofEverySite} immediate_parent parent siblings subdomains`,
    premium: `${ofEverySitePremium} caa_records cname_records mx_records ns_records soa_records`,
  },
  analysis: { everyone: 'item', premium: '' },
};

const toOne =
  'immediate_parent item last_serving_ip_address network_location parent redirects_to'.split(' ');

/** Returns a relationship, or undefined if VirusTotal has none with this name. */
export function relationshipOf(kind: Subject['kind'], name: string): Relationship | undefined {
  const { everyone, premium } = names[kind];
  const isPremium = premium.split(' ').includes(name);
  if (!isPremium && !everyone.split(' ').includes(name)) return undefined;
  return { isPremium, isToOne: toOne.includes(name) };
}
