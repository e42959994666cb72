/**
 * `submit_sample`: sends a file, named by its S3 bucket and key, to VirusTotal; or each object that an S3
 * event tells of, once.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { awsClientDefaults } from '../shared/aws-client-defaults.ts';
import { InvalidInputError } from '../shared/errors.ts';
import { acceptedAnswer, outputAnswer } from '../shared/lambda/http-answer.ts';
import { lambda } from '../shared/lambda/lambda.ts';
import { uploadEvents } from '../shared/lambda/upload-events.ts';
import { submitFile } from '../shared/operations.ts';
import { openPlaybook } from '../shared/playbook/start-playbook.ts';
import { openQueues } from '../shared/queue/queue.ts';
import { submissionAccepted } from '../shared/report/submission-accepted.ts';
import type { SubmitFileRequest } from '../shared/schemas/requests/submit-file.ts';
import { createServices } from '../shared/services.ts';
import { openClaims } from '../shared/state/claims.ts';
import { keepHeapSmall } from '../shared/submission/keep-heap-small.ts';
import { type Submission, submitObject } from '../shared/submission/submit-object.ts';
import { submitOnce } from '../shared/submission/submit-once.ts';
import { submitOverHttp } from '../shared/submission/submit-over-http.ts';
import { skipped } from '../shared/submission/upload-outcomes.ts';

keepHeapSmall();
const { config, virusTotal } = await createServices(process.env);
const { stateTable: tableName, upload, maxReportAgeDays, uploadBucket } = config;

// The digests are computed from every byte; S3's own checksum in JavaScript would halve the throughput.
const s3 = new S3Client({
  ...awsClientDefaults('S3', process.env),
  responseChecksumValidation: 'WHEN_REQUIRED',
  followRegionRedirects: true,
});
const services = { s3, virusTotal };
const claims =
  tableName &&
  openClaims({ client: new DynamoDBClient(awsClientDefaults('DYNAMODB', process.env)), tableName });

const events = uploadEvents({
  operation: submitFile,
  queues: openQueues(),
  async submit({ object, skip }, invocation) {
    if (skip !== null) return skipped(object, skip);
    if (!claims) {
      throw new InvalidInputError(
        'event: got an S3 event; needed for it: the environment variable STATE_TABLE, which is missing',
      );
    }
    const policy = { upload: upload ?? 'if-unknown', maxReportAgeDays };
    return submitOnce({ ...services, claims }, policy, object, invocation);
  },
});

const { submitFileStateMachineArn: playbookArn, httpSubmissionMaxBytes: maxBytes } = config;
const playbook = playbookArn && openPlaybook(playbookArn);

/** Handler of `submit_sample`. */
export const handler = lambda(
  submitFile,
  (input, call) => submitObject(services, submissionOf(input), call),
  {
    events,
    async overHttp(input, call) {
      const submission = submissionOf(input);
      if (!playbook) return outputAnswer(await submitObject(services, submission, call));
      const ended = await submitOverHttp({ ...services, playbook, maxBytes }, submission, call);
      if ('output' in ended) return outputAnswer(ended.output);
      const id = ended.submissionId;
      return acceptedAnswer(submissionAccepted(id), `/submissions/${id}`);
    },
  },
);

function submissionOf(input: SubmitFileRequest): Submission {
  const bucket = input.bucket ?? uploadBucket;
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
