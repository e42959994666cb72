/** Returns VirusTotal's id of a URL: unpadded base64url of any spelling (https://docs.virustotal.com/reference/url). */
export function urlId(url: string): string {
  return Buffer.from(url).toString('base64url');
}
