/** Finds out what a target of `npm run scan` is, without sending anything anywhere. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { classify } from '../../../shared/indicators/classify.ts';
import { parseDomain } from '../../../shared/indicators/domain.ts';
import { parseDigest } from '../../../shared/indicators/hash.ts';
import { InvalidIndicator } from '../../../shared/indicators/invalid.ts';
import { parseIpAddress } from '../../../shared/indicators/ip-address.ts';
import { splitUrl } from '../../../shared/indicators/refang.ts';
import { MAX_HOST_LENGTH, parseUrl } from '../../../shared/indicators/url.ts';

/** What a target is taken as. */
export type Target =
  | { readonly type: 'file'; readonly path: string; readonly size: number }
  | { readonly type: 'objects'; readonly address: string }
  | { readonly type: 'hash' | 'ip' | 'url' | 'domain'; readonly indicator: string }
  /** It cannot be scanned. */
  | { readonly type: 'none'; readonly why: string };

/** Top-level domains that are usual suffixes of files, too. */
const FILE_SUFFIXES: ReadonlySet<string> = new Set(
  'bz cab cc dot inc java map md ml mov one ott pl pm ps pub py rs run sh so tf zip'.split(' '),
);

/** The domains that exist: anything else with a dot is the name of a file. */
const topLevelDomains: ReadonlySet<string> = new Set(
  readFileSync(join(import.meta.dirname, 'top-level-domains.txt'), 'utf8').split('\n'),
);

/**
 * Reads a target: a prefix (`file:`, `url:`, `ip:`, `hash:`, `domain:`, `s3://`) decides; then a file that
 * exists; then an indicator, as the connector itself reads it. What could be the name of a file is never
 * taken as an indicator: a mistyped name would be sent to VirusTotal, and the result would not be the file's.
 */
export function readTarget(text: string): Target {
  if (text.startsWith('s3://')) return { type: 'objects', address: text };
  const [, prefix = '', rest = ''] = /^(file|url|ip|hash|domain):(.+)$/s.exec(text) ?? [];
  if (prefix === 'file') return readFile(rest) ?? none('there is no such file');
  if (isIndicatorType(prefix)) return readAs(prefix, rest);
  return readFile(text) ?? readIndicator(text);
}

type IndicatorType = keyof typeof parsers;

const parsers = { hash: parseDigest, ip: parseIpAddress, url: parseUrl, domain: parseDomain };

const isIndicatorType = (prefix: string): prefix is IndicatorType => Object.hasOwn(parsers, prefix);

const none = (why: string): Target => ({ type: 'none', why });

function readAs(type: IndicatorType, indicator: string): Target {
  const parsed = attempt(() => parsers[type](indicator));
  return parsed instanceof InvalidIndicator
    ? none(`not the right form for ${type}: ${parsed.message}`)
    : { type, indicator };
}

/** Returns what was parsed, or why it is not an indicator. */
function attempt<T>(parse: () => T): T | InvalidIndicator {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InvalidIndicator) return error;
    throw error;
  }
}

/** @returns undefined when there is no such file */
function readFile(path: string): Target | undefined {
  if (!existsSync(path)) return undefined;
  const stats = statSync(path);
  if (stats.isDirectory()) return none('it is a folder; give the files in it');
  if (!stats.isFile()) return none('it is not a regular file');
  return { type: 'file', path, size: stats.size };
}

function readIndicator(text: string): Target {
  const found = attempt(() => classify(text));
  if (found instanceof InvalidIndicator) {
    return none(`there is no such file, and it is not an indicator: ${found.message}`);
  }
  const type = found === 'file' ? 'hash' : found;
  if (couldBeFile(type, text)) {
    return none(`there is no such file; if it is meant as a ${type}, write ${type}:${text}`);
  }
  return { type, indicator: text };
}

/** A scheme or marks of defanging show that it is meant as an indicator. */
function couldBeFile(type: IndicatorType, text: string): boolean {
  if (type === 'hash' || type === 'ip') return false;
  const { scheme, host } = splitUrl(text, MAX_HOST_LENGTH);
  if (scheme !== undefined || !text.includes(host)) return false;
  if (/[/\\]/.test(text)) return true;
  const name = parseUrl(text).host;
  const isAddress = !(attempt(() => parseIpAddress(name)) instanceof InvalidIndicator);
  return !isAddress && !isPublicName(name);
}

function isPublicName(name: string): boolean {
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  return labels.length > 1 && topLevelDomains.has(last) && !FILE_SUFFIXES.has(last);
}
