/** Records the scan of an upload: the step `Record` of `ScanUpload`, and its executions that failed. */
import { directHandler } from '../shared/lambda/direct-handler.ts';
import { recordVerdictInput } from '../shared/uploads/record/ended-execution.ts';
import { handleScanOutcome } from '../shared/uploads/record/handle-scan-outcome.ts';
import { createRecordingServices } from '../shared/uploads/record/recording-services.ts';

const services = createRecordingServices(process.env);

export const handler = directHandler(
  { name: 'record_verdict', input: recordVerdictInput },
  (request, limits) => handleScanOutcome(services, request, limits),
);
