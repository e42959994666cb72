/** Checks that break or lock something for a while. They run only with `--only`. */
import { randomBytes } from 'node:crypto';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { fileReputation } from '../../../shared/operations/catalogue.ts';
import type { Check } from '../check.ts';
import { invokeOnce } from '../invoke.ts';
import { CheckFailure, expectEqual, NotChecked } from '../outcomes.ts';
import { sharedScan } from '../scan-of-upload.ts';
import { outputOf } from '../stack-of-account.ts';
import { emptySecret } from './empty-secret.ts';
import { createOutOfTime, ruleDelivery } from './failing-parts.ts';

const quota: Check = {
  id: 'quota',
  proves:
    'With a public key, the fifth lookup within a minute is `QuotaExceededError` with `retryAfterSeconds`.',
  class: 'breaking',
  breaks: 'It spends the quota of a minute; scans and callers wait as long.',
  requests: 10,
  async run(context) {
    for (let calls = 1; calls <= 10; calls += 1) {
      const hash = randomBytes(32).toString('hex');
      const answer = await invokeOnce(context, fileReputation, { hash });
      if (!('error' in answer)) continue;
      const { errorType, errorMessage } = answer.error;
      expectEqual(`error of lookup ${calls}`, errorType, 'QuotaExceededError');
      if (/retryAfterSeconds=[1-9]\d*$/.test(errorMessage))
        return `lookup ${calls}: ${errorMessage}`;
      throw new CheckFailure(`the message does not end with retryAfterSeconds: ${errorMessage}`);
    }
    throw new NotChecked('ten lookups at once did not spend the quota of this key');
  },
};

const quarantine: Check = {
  id: 'quarantine',
  proves:
    'With `quarantine`, a malicious upload is copied under Object Lock, and the original is gone.',
  class: 'breaking',
  breaks:
    'It uploads the EICAR test file, whose copy stays locked in the quarantine bucket for `quarantineRetentionDays`.',
  requests: 2,
  leaves: 'a locked copy of the EICAR test file in the quarantine bucket',
  notFor: ({ target }) =>
    target.outputs.QuarantineBucketName
      ? undefined
      : 'the stack has no quarantine (quarantine: false)',
  async run(context) {
    const { s3 } = context.target.clients;
    const { object, output } = await sharedScan(context);
    expectEqual('quarantine', output.quarantine?.status, 'quarantined');
    const copy = output.quarantine?.copy;
    expectEqual(
      'bucket of the copy',
      copy?.bucket,
      outputOf(context.target, 'QuarantineBucketName'),
    );
    const head = await s3.send(new HeadObjectCommand({ Bucket: copy?.bucket, Key: copy?.key }));
    const until = head.ObjectLockRetainUntilDate;
    if (!context.target.local && !until)
      throw new CheckFailure(`the copy ${copy?.key} is not locked`);
    const original = { Bucket: object.bucket, Key: object.key, VersionId: object.versionId };
    const status = await s3.send(new HeadObjectCommand(original)).then(
      () => 200,
      (error) => error.$metadata?.httpStatusCode,
    );
    expectEqual('status of the original', status, 404);
    return until ? `locked until ${until.toISOString()}` : 'the original is gone';
  },
};

export const breakingChecks: readonly Check[] = [
  quota,
  quarantine,
  emptySecret,
  ruleDelivery,
  createOutOfTime(600_000_000),
];
