/** Relationships of IP addresses and domains, and which of them need a premium key. */
import { urlIdOf } from './canonical.ts';
import { seen, type Verdict } from './verdict.ts';
import { verdictOfSite, type World } from './world.ts';

/** A relationship. */
export interface Relationship {
  readonly type: 'file' | 'url' | 'domain';
  readonly isPremium: boolean;
}

const publicFiles: Relationship = { type: 'file', isPremium: false };
const common: Readonly<Record<string, Relationship>> = {
  communicating_files: publicFiles,
  referrer_files: publicFiles,
  downloaded_files: { type: 'file', isPremium: true },
  urls: { type: 'url', isPremium: true },
};

/** Relationships by kind of object (https://docs.virustotal.com/reference/domains-object). */
export const relationships: Readonly<
  Record<'ip_address' | 'domain', Readonly<Record<string, Relationship>>>
> = {
  ip_address: common,
  domain: {
    ...common,
    siblings: { type: 'domain', isPremium: false },
    subdomains: { type: 'domain', isPremium: false },
  },
};

/** A related object; a deleted one is listed with an error instead of its attributes. */
export interface Related {
  readonly id: string;
  readonly isDeleted: boolean;
}

/** Length of the lists of malicious samples: more than a page. */
const MANY = 45;

/** Lists the objects of a relationship, and adds the files and URLs to the world. */
export function relatedTo(
  world: World,
  kind: 'ip_address' | 'domain',
  name: string,
  relationship: string,
): readonly Related[] {
  if (relationship === 'siblings') return namesFrom(siblingsOf(name));
  if (relationship === 'subdomains') return namesFrom(subdomainsOf(name));
  const verdict = verdictOfSite(kind, name);
  const count = verdict === 'malicious' ? MANY : 3;
  const isBad = (index: number) => verdict !== 'clean' && index % 2 === 0;
  return Array.from({ length: count }, (_, index) => ({
    id:
      relationship === 'urls'
        ? urlAt(world, name, index, isBad(index) ? 'malicious' : 'clean')
        : fileAt(world, `${relationship} ${name} ${index}`, isBad(index)),
    isDeleted: index === 2,
  }));
}

function namesFrom(names: readonly string[]): readonly Related[] {
  return names.map((id) => ({ id, isDeleted: false }));
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

function urlAt(world: World, host: string, index: number, verdict: Verdict): string {
  const authority = host.includes(':') ? `[${host}]` : host;
  const url = `http://${authority}/page${index}`;
  const known = world.urls.find(urlIdOf(url));
  const date = world.startedAt - 86_400 - index * 3600;
  return (known ?? world.urls.know(url, verdict, date)).id;
}

function fileAt(world: World, text: string, isBad: boolean): string {
  const content = seen(Buffer.from(isBad ? `${text} simulated-malware` : text));
  const known = world.files.find(content.sha256);
  return (known ?? world.files.know(content, [content.sha256], world.startedAt - 86_400)).sha256;
}
