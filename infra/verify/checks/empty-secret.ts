/** What happens while the secret is empty. */
import { randomUUID } from 'node:crypto';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { fileReputation } from '../../../shared/operations/catalogue.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { eicar } from '../eicar.ts';
import { invokeOnce } from '../invoke.ts';
import { CheckFailure, NotChecked } from '../outcomes.ts';
import { poll } from '../polling.ts';
import { outputOf } from '../stack-of-account.ts';
import { type Change, changesOnlyAws, whileChanged } from '../while-changed.ts';

/** Functions keep the key for five minutes, milliseconds. */
const KEY_PATIENCE_MS = 7 * 60_000;

/** An empty secret is named. */
export const emptySecret: Check = {
  id: 'empty-secret',
  proves:
    'While the secret is empty, a call fails with `ApiKeyError`, whose message names the secret; after it is filled, calls succeed within five minutes.',
  class: 'breaking',
  breaks:
    'It makes an empty version of the secret current for up to seven minutes, then the former one again. All calls fail in between.',
  requests: 20,
  leaves: 'an empty version of the secret without a label, which Secrets Manager deletes',
  notFor: changesOnlyAws,
  async run(context) {
    const message = await whileEmpty(context, () =>
      poll(context, KEY_PATIENCE_MS, () => keyError(context)),
    );
    if (message === undefined) throw new CheckFailure('calls still succeed after seven minutes');
    if (!message.includes(outputOf(context.target, 'ApiKeySecretArn'))) {
      throw new CheckFailure(`the message does not name the secret: ${message}`);
    }
    const again = await poll(context, KEY_PATIENCE_MS, async () =>
      (await keyError(context)) === undefined ? true : undefined,
    );
    if (again) return 'ApiKeyError, then an answer';
    throw new CheckFailure('calls still fail seven minutes after the secret was filled');
  },
};

/** Works while the current version of the secret is empty. */
async function whileEmpty<T>(context: CheckContext, work: () => Promise<T>): Promise<T> {
  const { secrets } = context.target.clients;
  const SecretId = outputOf(context.target, 'ApiKeySecretArn');
  const { VersionIdsToStages: stages = {} } = await secrets.send(
    new DescribeSecretCommand({ SecretId }),
  );
  const former = Object.keys(stages).find((id) => stages[id]?.includes('AWSCURRENT'));
  if (former === undefined) throw new NotChecked('the secret has no value');
  const added = randomUUID();
  const stage = 'AWSCURRENT';
  const change: Change = {
    command: `aws secretsmanager update-secret-version-stage --secret-id ${SecretId} --version-stage ${stage} --move-to-version-id ${former} --remove-from-version-id ${added}`,
    make: () =>
      secrets.send(
        new PutSecretValueCommand({ SecretId, SecretString: '{}', ClientRequestToken: added }),
      ),
    undo: () =>
      secrets.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage: stage,
          MoveToVersionId: former,
          RemoveFromVersionId: added,
        }),
      ),
  };
  return whileChanged(context, change, work);
}

async function keyError(context: CheckContext): Promise<string | undefined> {
  const answer = await invokeOnce(context, fileReputation, { hash: eicar.sha256, cache: 'bypass' });
  if (!('error' in answer) || answer.error.errorType !== 'ApiKeyError') return undefined;
  return answer.error.errorMessage;
}
