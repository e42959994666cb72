/** Reads before the verdict. */
import { GetBucketPolicyCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { CheckFailure, NotApplicable } from '../outcomes.ts';
import { sharedScan } from '../scan-of-upload.ts';
import { outputOf } from '../stack-of-account.ts';

/** Readers other than the connector are denied. */
export const denyUntilVerdictHolds: Check = {
  id: 'deny-until-verdict',
  proves:
    'With `denyUntilVerdict`, a reader other than the connector gets 403 for an object whose verdict is not `clean`.',
  class: 'object',
  needs: ['scan'],
  requests: 0,
  notFor: ({ target }) => (target.local ? 'the local run has no bucket policies' : undefined),
  async run(context) {
    if (!(await isDenied(context))) throw new NotApplicable('denyUntilVerdict is not set');
    const { object } = await sharedScan(context);
    const { bucket: Bucket, key: Key, versionId: VersionId } = object;
    const read = context.target.clients.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    const status = await read.then(
      () => 200,
      (error) => error.$metadata?.httpStatusCode,
    );
    if (status === 403) return '403 for a malicious object';
    throw new CheckFailure(`reading s3://${Bucket}/${Key}: got ${status}; expected 403`);
  },
};

async function isDenied({ target }: CheckContext): Promise<boolean> {
  const Bucket = outputOf(target, 'UploadBucketName');
  const { Policy = '' } = await target.clients.s3.send(new GetBucketPolicyCommand({ Bucket }));
  return Policy.includes('DenyReadWithoutCleanVerdict');
}
