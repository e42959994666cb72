/** The objects that are related to an object. */
import { isIP } from 'node:net';
import type { Kind } from './analyses.ts';
import { urlIdOf } from './canonical.ts';
import type { Subject } from './relationships.ts';
import { seen, type Verdict } from './verdict.ts';
import { verdictOfSite, type World } from './world.ts';

/** A related object; a deleted one is listed with an error instead of its attributes. */
export interface Related {
  readonly kind: Kind;
  readonly id: string;
  readonly isDeleted?: boolean;
}

/** Relationships of IP addresses and domains with files. */
const withFiles = ['communicating_files', 'downloaded_files', 'referrer_files'];

/** Length of the lists of malicious samples: more than a page. */
const MANY = 45;

/**
 * Lists the objects of a relationship, and adds the files and URLs to the world. Relationships that are
 * not simulated have no objects.
 */
export function relatedTo(
  world: World,
  { kind, id }: Subject,
  relationship: string,
): readonly Related[] {
  if (kind === 'file') return [];
  if (kind === 'url') return relationship === 'network_location' ? hostOf(world, id) : [];
  if (kind === 'analysis') {
    const analysis = world.analyses.find(id);
    return analysis ? [{ kind: analysis.kind, id: analysis.subject }] : [];
  }
  if (relationship === 'urls')
    return manyOf(kind, id, (index, isBad) => urlAt(world, id, index, isBad));
  if (withFiles.includes(relationship)) {
    return manyOf(kind, id, (index, isBad) =>
      fileAt(world, `${relationship} ${id} ${index}`, isBad),
    );
  }
  return kind === 'domain' ? domainsOf(id, relationship) : [];
}

/** Lists files or URLs. Of a malicious site, there are many; every other one is malicious, and one is deleted. */
function manyOf(
  kind: 'ip_address' | 'domain',
  name: string,
  objectAt: (index: number, isBad: boolean) => Omit<Related, 'isDeleted'>,
): readonly Related[] {
  const verdict = verdictOfSite(kind, name);
  const length = verdict === 'malicious' ? MANY : 3;
  return Array.from({ length }, (_, index) => ({
    ...objectAt(index, verdict !== 'clean' && index % 2 === 0),
    isDeleted: index === 2,
  }));
}

function domainsOf(name: string, relationship: string): readonly Related[] {
  const labels = name.split('.');
  const related: Readonly<Record<string, () => readonly string[]>> = {
    siblings: () => siblingsOf(name),
    subdomains: () => subdomainsOf(name),
    immediate_parent: () => (labels.length > 2 ? [labels.slice(1).join('.')] : []),
    parent: () => (labels.length > 2 ? [labels.slice(-2).join('.')] : []),
  };
  const ids = Object.hasOwn(related, relationship) ? related[relationship]?.() : undefined;
  return (ids ?? []).map((id) => ({ kind: 'domain', id }));
}

function hostOf(world: World, urlId: string): readonly Related[] {
  const host = URL.parse(world.urls.find(urlId)?.url ?? '')?.hostname.replace(/^\[|\]$/g, '');
  return host ? [{ kind: isIP(host) ? 'ip_address' : 'domain', id: host }] : [];
}

function siblingsOf(name: string): readonly string[] {
  if (name === 'example.com') return ['example.net', 'example.org'];
  const [first, ...parent] = name.split('.');
  if (parent.length < 2) return [];
  return ['mail', 'shop', 'www']
    .filter((label) => label !== first)
    .map((label) => `${label}.${parent.join('.')}`);
}

function subdomainsOf(name: string): readonly string[] {
  if (name === 'example.com') {
    return Array.from({ length: MANY }, (_, index) => `host${index}.${name}`);
  }
  return name.split('.').length > 2
    ? []
    : ['mail', 'shop', 'www'].map((label) => `${label}.${name}`);
}

function urlAt(world: World, host: string, index: number, isBad: boolean): Related {
  const authority = host.includes(':') ? `[${host}]` : host;
  const url = `http://${authority}/page${index}`;
  const verdict: Verdict = isBad ? 'malicious' : 'clean';
  const date = world.startedAt - 86_400 - index * 3600;
  const { id } = world.urls.find(urlIdOf(url)) ?? world.urls.know(url, verdict, date);
  return { kind: 'url', id };
}

function fileAt(world: World, text: string, isBad: boolean): Related {
  const content = seen(Buffer.from(isBad ? `${text} simulated-malware` : text));
  const known =
    world.files.find(content.sha256) ??
    world.files.know(content, [content.sha256], world.startedAt - 86_400);
  return { kind: 'file', id: known.sha256 };
}
