/** What the function `submit-file` works with, for requests and for upload events. */
import { createPlaybookStarter } from '../../aws/playbook/start-playbook.ts';
import { createS3Client } from '../../aws/s3/s3-client.ts';
import { TableClient } from '../../aws/table/table-client.ts';
import { Claims } from '../../claims/claims.ts';
import { type Environment, parseEnvironment } from '../../environment.ts';
import type { SubmitFileServices } from '../../operations/submit-file/answer.ts';
import { openVirusTotal } from '../../services.ts';
import type { BatchServices } from '../handler/queue-answer.ts';
import { createQueues } from '../handler/queues.ts';
import { keepHeapSmall } from './keep-heap-small.ts';
import { submitCall } from './submit-call.ts';
import { submitOnce } from './submit-once.ts';
import { submitOverHttp } from './submit-over-http.ts';
import { skipped } from './submit-results.ts';
import { submitFileVariables } from './variables.ts';

/**
 * Opens the services.
 *
 * @throws Error that lists every bad variable
 */
export async function openSubmitServices(
  environment: Environment,
): Promise<SubmitFileServices & BatchServices> {
  keepHeapSmall();
  const config = parseEnvironment(submitFileVariables, environment);
  const playbookArn = config.SUBMIT_FILE_STATE_MACHINE_ARN;
  const playbook = playbookArn ? createPlaybookStarter(playbookArn) : undefined;
  const maxBytes = config.HTTP_SUBMISSION_MAX_BYTES;
  const virusTotal = await openVirusTotal(environment, config);
  const claims = new Claims({
    client: new TableClient({ environment }),
    tableName: config.STATE_TABLE,
  });
  const services = { s3: createS3Client(environment), virusTotal, claims };
  const upload = config.VIRUSTOTAL_UPLOAD;
  const maxReportAgeDays = config.VIRUSTOTAL_MAX_REPORT_AGE_DAYS;
  return {
    defaults: { bucket: config.UPLOAD_BUCKET, upload, maxReportAgeDays },
    queues: createQueues(),
    playbook,
    submit: (request, limits) => submitCall(services, request, limits),
    async submitOverHttp(request, limits) {
      if (!playbook) return { output: await submitCall(services, request, limits) };
      return submitOverHttp({ ...services, playbook, maxBytes }, request, limits);
    },
    async submitNotice({ object, skip }, limits) {
      if (skip !== null) return skipped(object, skip);
      const policy = { upload: upload ?? 'if-unknown', maxReportAgeDays };
      return submitOnce(services, policy, object, limits);
    },
  };
}
