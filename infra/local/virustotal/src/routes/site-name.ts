/** Parses IP addresses and domains in paths. */
import { isIP } from 'node:net';
import { refuse } from '../http/answer.ts';

/** An IP address or a domain. */
export interface Site {
  readonly kind: 'ip_address' | 'domain';
  /** In lower case; an IPv6 address in its shortest form. */
  readonly name: string;
}

/** Reserved top-level domains (RFC 6761, RFC 6762, RFC 7686). */
const missingTopLevelDomains = ['test', 'invalid', 'localhost', 'local', 'onion', 'example'];

/** Parses a name. @throws Refusal with the message of the real service */
export function siteOf(kind: Site['kind'], text: string): Site {
  return { kind, name: kind === 'domain' ? domainOf(text) : addressOf(text) };
}

function addressOf(text: string): string {
  const version = isIP(text);
  // No recording has this message; it is from the official Splunk client.
  if (!version || text.includes('%')) {
    throw refuse('InvalidArgumentError', `IP "${text}" is not a valid IP address pattern`);
  }
  return version === 6 ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
}

function domainOf(text: string): string {
  const name = text.toLowerCase();
  const labels = name.split('.');
  const top = labels.at(-1) ?? '';
  const isValid =
    name.length <= 253 &&
    labels.length > 1 &&
    labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label)) &&
    /^(?:[a-z]{2,}|xn--[a-z0-9-]+)$/.test(top) &&
    !missingTopLevelDomains.includes(top);
  if (!isValid) {
    throw refuse('InvalidArgumentError', `Domain "${text}" is not a valid domain pattern`);
  }
  return name;
}
