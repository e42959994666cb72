/** The type of an indicator; a file is looked up by its digest. */
export type IndicatorType = 'file' | 'url' | 'ip' | 'domain';
