/** What the stack checks of the server's address; the functions read it anew, and have the last word. */

/**
 * Reads the server's address as the functions do: a bare host gets `https://`.
 *
 * @returns null unless it is an http or https address without credentials, query and fragment
 */
export function parseServerUrl(text: string): URL | null {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  return url.username || url.password || url.search || url.hash ? null : url;
}

/** Whether requests to this server, and the API key in them, would cross a network in clear. */
export function isSentInClear(url: URL): boolean {
  return url.protocol === 'http:' && !/^(localhost|127\.[0-9.]+|\[::1\])$/.test(url.hostname);
}
