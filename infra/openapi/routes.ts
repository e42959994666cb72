/** All that the API serves. */
import { type Operation, operations, submissionStatus } from '../../shared/operations/catalogue.ts';

/** The six operations, and where the output of one can be asked for later. */
export const routes: readonly Operation[] = [...operations, submissionStatus];
