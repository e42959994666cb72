/** Environment variables of `record-verdict`. */
import { optionalVariable, requiredVariable } from '../../environment.ts';

/** Variables of `record-verdict`. */
export const recordVerdictVariables = {
  /** Bucket of full reports. */
  REPORT_BUCKET: requiredVariable,
  /** Name of the bus that verdict events go to. */
  EVENT_BUS_NAME: requiredVariable,
  /** DynamoDB table of records. */
  STATE_TABLE: requiredVariable,
  /** Beginning of the ARNs of the executions of `ScanUpload`, which alone may have outcomes recorded. */
  SCAN_UPLOAD_EXECUTIONS: requiredVariable,
  /** Bucket that malicious objects are moved to. @default they stay where they are */
  QUARANTINE_BUCKET: optionalVariable,
};
