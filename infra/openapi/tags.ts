/** Tags, which group operations by the first segment of their path. */

const tagsBySegment: Readonly<
  Record<string, { readonly name: string; readonly description: string }>
> = {
  files: { name: 'Files', description: 'Submit files, and look them up by digest.' },
  urls: { name: 'URLs', description: 'Submit URLs, and look them up.' },
  'ip-addresses': { name: 'IP addresses', description: 'Look up IPv4 and IPv6 addresses.' },
  domains: { name: 'Domains', description: 'Look up domain names.' },
  submissions: {
    name: 'Submissions',
    description: 'Follow files that are submitted after the answer.',
  },
  quota: { name: 'Quota', description: "See what is left of VirusTotal's quota." },
};

/** All tags. */
export const tags = Object.values(tagsBySegment);

/**
 * Returns the tag of a route.
 *
 * @throws Error when its first segment has none
 */
export function tagOf(path: string): string {
  const tag = tagsBySegment[path.split('/')[1] ?? ''];
  if (!tag) throw new Error(`${path} has no tag; add one to infra/openapi/tags.ts`);
  return tag.name;
}
