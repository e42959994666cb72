/** All routes of the API. */
import { type Operation, operations, submissionStatus } from '../../shared/operations/catalogue.ts';

/** The six operations, and the status of a submission. */
export const routes: readonly Operation[] = [...operations, submissionStatus];
