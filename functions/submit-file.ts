/** `submit_sample`: submits an S3 object to VirusTotal, or every object of an upload event, once. */
import { operationHandler } from '../shared/lambda/operation-handler.ts';
import {
  answerSubmitFile,
  answerSubmitFileOverHttp,
} from '../shared/operations/submit-file/answer.ts';
import { submitFile } from '../shared/operations/submit-file/operation.ts';
import { uploadHandler } from '../shared/uploads/handler/upload-handler.ts';
import { openSubmitServices } from '../shared/uploads/submit/submit-file-services.ts';

const services = await openSubmitServices(process.env);

export const handler = operationHandler(
  submitFile,
  (request, limits) => answerSubmitFile(services, request, limits),
  {
    answerHttp: (request, limits) => answerSubmitFileOverHttp(services, request, limits),
    uploads: uploadHandler(submitFile.name, services),
  },
);
