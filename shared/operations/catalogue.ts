/**
 * The operation catalogue: the one source for routes, schemas, the OpenAPI document, the stack, the local
 * run and the contract tests. Functions import their own operation, so that a bundle contains no other.
 */
import { domainReputation } from './domain-reputation/operation.ts';
import { fileReputation } from './file-reputation/operation.ts';
import { ipReputation } from './ip-reputation/operation.ts';
import type { Operation } from './operation.ts';
import { quota } from './quota/operation.ts';
import { submissionStatus } from './submission-status/operation.ts';
import { submitFile } from './submit-file/operation.ts';
import { submitUrl } from './submit-url/operation.ts';
import { urlReputation } from './url-reputation/operation.ts';

export type { Operation, RouteParameter } from './operation.ts';
export {
  domainReputation,
  fileReputation,
  ipReputation,
  quota,
  submissionStatus,
  submitFile,
  submitUrl,
  urlReputation,
};

/** The six operations on VirusTotal, in the order in which they are documented. */
export const operations: readonly Operation[] = [
  submitFile,
  submitUrl,
  fileReputation,
  ipReputation,
  domainReputation,
  urlReputation,
];
