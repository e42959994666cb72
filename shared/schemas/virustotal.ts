/**
 * VirusTotal's answers, checked at the edge and flattened: strict in shape (an object has an id),
 * tolerant in attributes (any may be absent or odd, and is null then).
 */
export {
  type AnalysisDescriptor,
  type AnalysisObject,
  analysisDescriptor,
  analysisObject,
  uploadUrl,
} from './objects/analysis.ts';
export { type DomainObject, domainObject, type RelatedNames } from './objects/domain.ts';
export { type FileObject, fileObject } from './objects/file.ts';
export { type IpObject, ipObject } from './objects/ip.ts';
export { overallQuotas } from './objects/quotas.ts';
export { type RelatedObject, type RelatedPage, relatedObjects } from './objects/related.ts';
export { type UrlObject, urlObject } from './objects/url.ts';
