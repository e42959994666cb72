/** Objects of any kind. */
import type { Kind } from '../world/analyses.ts';
import type { World } from '../world/world.ts';
import { domainObject } from './domain-object.ts';
import { fileObject } from './file-object.ts';
import { ipObject } from './ip-object.ts';
import { urlObject } from './url-object.ts';

/** Returns the object with an id, or undefined for a file or URL that is not known. */
export function objectOf(origin: string, world: World, kind: Kind, id: string) {
  if (kind === 'domain') return domainObject(origin, world, id);
  if (kind === 'ip_address') return ipObject(origin, world, id);
  const file = kind === 'file' ? world.files.find(id) : undefined;
  if (file) return fileObject(origin, file, world.files.reportDateOf(file));
  const url = kind === 'url' ? world.urls.find(id) : undefined;
  return url && urlObject(origin, url, world.urls.reportDateOf(url));
}
