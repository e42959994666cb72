/** All routes of the API. */
import {
  type Operation,
  operations,
  quota,
  submissionStatus,
} from '../../shared/operations/catalogue.ts';

/** The six operations, the status of a submission, and the quota. */
export const routes: readonly Operation[] = [...operations, submissionStatus, quota];
