/**
 * Schemas of VirusTotal's answers, which also flatten them: strict about structure (an object has an id),
 * tolerant of attributes (a missing or malformed one is null).
 */
export {
  type AnalysisDescriptor,
  type AnalysisObject,
  analysisDescriptor,
  analysisObject,
  uploadUrl,
} from './analysis.ts';
export { type DomainObject, domainObject, type RelatedNames } from './domain.ts';
export { type FileObject, fileObject } from './file.ts';
export { type IpObject, ipObject } from './ip.ts';
export type { Lookup } from './lookup.ts';
export { overallQuotas } from './quotas.ts';
export { type RelatedObject, type RelatedPage, relatedObjects } from './related.ts';
export { type UrlObject, urlObject } from './url.ts';
