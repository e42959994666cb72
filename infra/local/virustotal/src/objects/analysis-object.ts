/** Analyses, as in `GET /analyses/{id}` and in answers to submissions. */
import type { Analysis } from '../world/analyses.ts';
import { type EngineResults, fileResults, siteResults, statsOf } from '../world/engines.ts';
import { verdictOfSite, type World } from '../world/world.ts';
import { collections, linkTo } from './links.ts';

/** Returns the answer to a submission. */
export function analysisDescriptor(origin: string, { id }: Analysis) {
  return { type: 'analysis', id, links: { self: linkTo(origin, 'analyses', id) } };
}

/** Returns the complete answer. `meta` has the digests or the URL even while the analysis is queued. */
export function analysisAnswer(origin: string, world: World, analysis: Analysis) {
  const { id, kind, subject, epoch } = analysis;
  const status = world.analyses.statusOf(analysis);
  const results = resultsOf(world, analysis);
  return {
    data: {
      id,
      type: 'analysis',
      links: {
        self: linkTo(origin, 'analyses', id),
        item: linkTo(origin, collections[kind], subject),
      },
      attributes: {
        date: epoch,
        status,
        stats: statsOf(results, kind === 'file' ? 'file' : 'site'),
        results,
      },
    },
    meta: metaOf(world, analysis),
  };
}

function resultsOf(world: World, analysis: Analysis): EngineResults {
  const status = world.analyses.statusOf(analysis);
  if (status === 'queued') return {};
  const all = allResults(world, analysis);
  // Engines report one by one.
  return status === 'completed' ? all : Object.fromEntries(Object.entries(all).slice(0, 20));
}

function allResults(world: World, { kind, subject, epoch }: Analysis): EngineResults {
  if (kind === 'file') return fileResults(world.files.find(subject)?.verdict ?? 'clean', epoch);
  if (kind === 'url') return siteResults(world.urls.find(subject)?.verdict ?? 'clean');
  return siteResults(verdictOfSite(kind, subject));
}

function metaOf(world: World, { kind, subject }: Analysis) {
  const file = kind === 'file' ? world.files.find(subject) : undefined;
  if (file) {
    const { sha256, md5, sha1, size } = file;
    return { file_info: { sha256, md5, sha1, size } };
  }
  const known = kind === 'url' ? world.urls.find(subject) : undefined;
  return known ? { url_info: { id: known.id, url: known.url } } : undefined;
}
