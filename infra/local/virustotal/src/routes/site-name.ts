/** Addresses and domains as they stand in a path. */
import { isIP } from 'node:net';
import { refuse } from '../http/answer.ts';

/** An address or a domain. */
export interface Site {
  readonly kind: 'ip_address' | 'domain';
  /** In lower case; an IPv6 address in its shortest form. */
  readonly name: string;
}

/** Names that are never delegated (RFC 6761, RFC 6762, RFC 7686). */
const missingTopLevelDomains = ['test', 'invalid', 'localhost', 'local', 'onion', 'example'];

/** @throws Refusal with the text of the real service */
export function siteOf(kind: Site['kind'], given: string): Site {
  return { kind, name: kind === 'domain' ? domainOf(given) : addressOf(given) };
}

function addressOf(given: string): string {
  const version = isIP(given);
  // The server's own text was not recorded; this one is its official Splunk client's.
  if (!version || given.includes('%')) {
    throw refuse('InvalidArgumentError', `IP "${given}" is not a valid IP address pattern`);
  }
  return version === 6 ? new URL(`http://[${given}]`).hostname.slice(1, -1) : given;
}

function domainOf(given: string): string {
  const name = given.toLowerCase();
  const labels = name.split('.');
  const top = labels.at(-1) ?? '';
  const isValid =
    name.length <= 253 &&
    labels.length > 1 &&
    labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) &&
    /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(top) &&
    !missingTopLevelDomains.includes(top);
  if (!isValid) {
    throw refuse('InvalidArgumentError', `Domain "${given}" is not a valid domain pattern`);
  }
  return name;
}
