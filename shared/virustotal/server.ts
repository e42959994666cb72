/** The server of the API: how its address is read, and which hosts an upload may go to. */
import { UpstreamError } from '../errors.ts';

const API_PATH = '/api/v3';

/**
 * Reads the address of the server.
 *
 * @param text - as configured: a bare host gets `https://`, a path prefix is kept, `/api/v3` is appended
 * @returns the base of all requests, without a slash at its end
 * @throws Error when it is no http or https address, or carries credentials, a query or a fragment
 */
export function parseServer(text: string): URL {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    url.username ||
    url.password ||
    url.search ||
    url.hash
  ) {
    throw new Error(
      'the server URL is not an http or https address without credentials, query and fragment, for example https://www.virustotal.com',
    );
  }
  const prefix = url.pathname.replace(/\/+$/, '');
  return new URL(`${url.origin}${prefix.endsWith(API_PATH) ? prefix : prefix + API_PATH}`);
}

/**
 * Checks where VirusTotal wants a large file sent: the API key goes there too.
 *
 * @param target - as VirusTotal gave it
 * @param server - base of the API
 * @throws UpstreamError unless the host is the server's, below it, or VirusTotal's own, and TLS is kept
 */
export function checkUploadUrl(target: string, server: URL): URL {
  const url = URL.parse(target);
  const isKept =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && server.protocol === 'http:');
  if (!url || !isKept || url.username || url.password) {
    throw new UpstreamError('VirusTotal gave an upload URL that is not usable; nothing was sent');
  }
  const domains = [server.hostname, 'virustotal.com'];
  const isPinned = domains.some(
    (name) => url.hostname === name || url.hostname.endsWith(`.${name}`),
  );
  if (!isPinned) {
    // The foreign name is not quoted: whoever chose it may have put the key into it.
    throw new UpstreamError(
      `VirusTotal gave an upload URL at a host that is neither ${server.hostname} nor virustotal.com, nor below one of them; nothing was sent`,
    );
  }
  return url;
}
