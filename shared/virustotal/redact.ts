/** Takes the API key out of foreign text: VirusTotal's messages have been seen to echo it. */

/**
 * Removes a secret in every form that a server may echo, and control characters.
 *
 * @param text - foreign
 * @param secret - the API key
 */
export function redact(text: string, secret: string): string {
  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
  const pattern = new RegExp(forms.map((form) => RegExp.escape(form)).join('|'), 'gi');
  return text.replace(pattern, '[redacted]').replace(/\p{Cc}+/gu, ' ');
}
