/** Inputs of the operations, with the expected output and upstream requests of each. */
import type { Case } from './case.ts';
import { fileCases, submitFileCases } from './files.ts';
import { domainCases, ipCases, premiumCases } from './sites.ts';
import { submitUrlCases, urlCases } from './urls.ts';

/** With a key that everyone has, and with a premium key what differs. */
export const cases: Readonly<Record<'public' | 'premium', readonly Case[]>> = {
  public: [
    ...submitFileCases,
    ...submitUrlCases,
    ...fileCases,
    ...urlCases,
    ...ipCases,
    ...domainCases,
  ],
  premium: premiumCases,
};
