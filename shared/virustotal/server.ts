/** The server of the API: parses its address, and checks where uploads may go. */
import { UpstreamError } from '../errors.ts';

const API_PATH = '/api/v3';

/**
 * Parses the configured server URL; a bare host gets `https://`.
 *
 * @returns null unless it is an http or https URL without credentials, query or fragment
 */
export function parseServerUrl(text: string): URL | null {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  return url.username || url.password || url.search || url.hash ? null : url;
}

/**
 * Returns the base URL of all API requests, without a trailing slash.
 *
 * @param text - as configured: a bare host gets `https://`, a path prefix is kept, `/api/v3` is appended
 * @throws Error if it is not an http or https URL, or has credentials, a query or a fragment
 */
export function parseServer(text: string): URL {
  const url = parseServerUrl(text);
  if (!url) {
    throw new Error(
      'the server URL must be an http or https address without credentials, query and fragment, for example https://www.virustotal.com',
    );
  }
  const prefix = url.pathname.replace(/\/+$/, '');
  return new URL(`${url.origin}${prefix.endsWith(API_PATH) ? prefix : prefix + API_PATH}`);
}

/**
 * Checks the upload URL for a large file, which also receives the API key.
 *
 * @param target - upload URL from VirusTotal
 * @param server - base of the API
 * @throws UpstreamError unless TLS is kept, the host is the server's or VirusTotal's or a subdomain of either,
 * and the port is the server's own, or for other hosts the default port
 */
export function checkUploadUrl(target: string, server: URL): URL {
  const url = URL.parse(target);
  const isKept =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && server.protocol === 'http:');
  if (!url || !isKept || url.username || url.password) {
    throw new UpstreamError('VirusTotal returned an unusable upload URL; nothing was sent');
  }
  const isPinned = [server.hostname, 'virustotal.com'].some((name) => isWithin(url.hostname, name));
  if (!isPinned) {
    // Do not quote the foreign host name: it may contain the key.
    throw new UpstreamError(
      `VirusTotal returned an upload URL whose host is neither ${server.hostname} nor virustotal.com, nor a subdomain of either; nothing was sent`,
    );
  }
  if (!isExpectedPort(url, server)) {
    throw new UpstreamError(
      `VirusTotal returned an upload URL with port ${url.port || 'default'}, which is not the server's; nothing was sent`,
    );
  }
  return url;
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** Another program may listen on another port of the same host. */
function isExpectedPort(url: URL, server: URL): boolean {
  if (url.hostname === server.hostname) return url.port === server.port;
  return url.port === '' || (isWithin(url.hostname, server.hostname) && url.port === server.port);
}
