/** The list of all checks, in the order in which they run. */
import type { Check } from '../check.ts';
import { apiKeyCalls, unsignedCalls, wrongSignatureCalls } from './access.ts';
import { breakingChecks } from './breaking.ts';
import { denyUntilVerdictHolds } from './deny.ts';
import { apiKeySecret, stackOutputs } from './deployment.ts';
import { accessLog, coldStarts, logLines, traces } from './logs.ts';
import { lookupChecks } from './lookups.ts';
import { playbooks } from './playbooks.ts';
import { quotaLedger } from './quota-ledger.ts';
import { answerHeaders, badInput, submissions, unknownSubmission } from './requests.ts';
import { accepted, inCall, otherBucket, submitText } from './submitting.ts';
import {
  scanRecord,
  scanReport,
  scanTags,
  stoppedScan,
  submitNever,
  uploadScan,
} from './uploads.ts';

export const checks: readonly Check[] = [
  stackOutputs,
  apiKeySecret,
  unsignedCalls,
  wrongSignatureCalls,
  apiKeyCalls,
  badInput,
  answerHeaders,
  unknownSubmission,
  submissions,
  ...lookupChecks,
  quotaLedger,
  playbooks,
  logLines,
  coldStarts,
  accessLog,
  traces,
  uploadScan,
  scanTags,
  scanReport,
  scanRecord,
  submitNever,
  denyUntilVerdictHolds,
  stoppedScan,
  submitText,
  inCall,
  accepted,
  otherBucket,
  ...breakingChecks,
];
