/**
 * `submit_sample`: sends a file, named by its S3 bucket and key, to VirusTotal; or each object that an S3
 * event tells of, once.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientDefaults } from '../shared/aws/client-defaults.ts';
import { createPlaybookStarter } from '../shared/aws/playbook/start-playbook.ts';
import { createS3Client } from '../shared/aws/s3/s3-client.ts';
import { parseEnvironment } from '../shared/environment.ts';
import { InvalidInputError } from '../shared/errors.ts';
import { acceptedAnswer, outputAnswer } from '../shared/lambda/http-answer.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import { submitFile } from '../shared/operations/catalogue.ts';
import { submissionAccepted } from '../shared/operations/submit-file/accepted.ts';
import type { SubmitFileRequest } from '../shared/operations/submit-file/input.ts';
import { openVirusTotal } from '../shared/services.ts';
import { createQueues } from '../shared/uploads/handler/queues.ts';
import { uploadHandler } from '../shared/uploads/handler/upload-handler.ts';
import { Claims } from '../shared/uploads/state/claims.ts';
import { keepHeapSmall } from '../shared/uploads/submit/keep-heap-small.ts';
import { type SubmitRequest, submitObject } from '../shared/uploads/submit/submit-object.ts';
import { submitOnce } from '../shared/uploads/submit/submit-once.ts';
import { submitOverHttp } from '../shared/uploads/submit/submit-over-http.ts';
import { skipped } from '../shared/uploads/submit/submit-results.ts';
import { submitFileVariables } from '../shared/uploads/submit/variables.ts';

keepHeapSmall();
const config = parseEnvironment(submitFileVariables, process.env);
const upload = config.VIRUSTOTAL_UPLOAD;
const maxReportAgeDays = config.VIRUSTOTAL_MAX_REPORT_AGE_DAYS;
const virusTotal = await openVirusTotal(process.env, config);
const services = { s3: createS3Client(process.env), virusTotal };
const claims = new Claims({
  client: new DynamoDBClient(awsClientDefaults('DYNAMODB', process.env)),
  tableName: config.STATE_TABLE,
});

const events = uploadHandler({
  operation: submitFile,
  queues: createQueues(),
  async submit({ object, skip }, limits) {
    if (skip !== null) return skipped(object, skip);
    const policy = { upload: upload ?? 'if-unknown', maxReportAgeDays };
    return submitOnce({ ...services, claims }, policy, object, limits);
  },
});

const playbookArn = config.SUBMIT_FILE_STATE_MACHINE_ARN;
const maxBytes = config.HTTP_SUBMISSION_MAX_BYTES;
const playbook = playbookArn && createPlaybookStarter(playbookArn);

/** Handler of `submit_sample`. */
export const handler = lambda(
  submitFile,
  (input, limits) => submitObject(services, submissionOf(input), limits),
  {
    events,
    async overHttp(input, limits) {
      const submission = submissionOf(input);
      if (!playbook) return outputAnswer(await submitObject(services, submission, limits));
      const ended = await submitOverHttp({ ...services, playbook, maxBytes }, submission, limits);
      if ('output' in ended) return outputAnswer(ended.output);
      const id = ended.submissionId;
      return acceptedAnswer(submissionAccepted(id), `/submissions/${id}`);
    },
  },
);

function submissionOf(input: SubmitFileRequest): SubmitRequest {
  const bucket = input.bucket ?? config.UPLOAD_BUCKET;
  if (bucket === undefined) {
    throw new InvalidInputError(
      'bucket: got nothing; needed, because no upload bucket is configured',
    );
  }
  return {
    address: { bucket, key: input.key, versionId: input.versionId },
    upload: input.upload ?? upload ?? 'always',
    maxReportAgeDays: input.maxReportAgeDays ?? maxReportAgeDays,
  };
}
