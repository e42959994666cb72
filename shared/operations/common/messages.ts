/** The messages of VirusTotal's API v2, word for word: workflows compare them. */

/** A submission was accepted. */
export const QUEUED = 'Scan request successfully queued, come back later for the report';
/** The cache has no answer, and the call did not allow to ask VirusTotal. */
export const NOT_CACHED =
  'Not in the cache; VirusTotal was not asked, because the call has cache "only"';
/** An analysis is running. */
export const RUNNING = 'Your resource is queued for analysis';
/** A file's report. */
export const FILE_FOUND = 'Scan finished, information embedded';
/** A URL's report. */
export const URL_FOUND = 'Scan finished, scan information embedded in this object';
/** A file that VirusTotal does not know. */
export const FILE_UNKNOWN =
  'The requested resource is not among the finished, queued or pending scans';
/** A URL that VirusTotal does not know. */
export const URL_UNKNOWN = 'Resource does not exist in the dataset';
/** An address's report. */
export const IP_FOUND = 'IP address in dataset';
/** An address that VirusTotal does not know. */
export const IP_UNKNOWN = 'IP address not found in dataset';
/** A domain's report. */
export const DOMAIN_FOUND = 'Domain found in dataset';
/** A domain that VirusTotal does not know. */
export const DOMAIN_UNKNOWN = 'Domain not found';
