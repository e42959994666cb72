/** What happens while a rule cannot deliver, or a function runs out of time. */
import { ListTargetsByRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { eicarText } from '../eicar.ts';
import { endOfExecution, scanOfObject } from '../executions.ts';
import { fieldOf } from '../field-of.ts';
import { generateFile } from '../generated-file.ts';
import { CheckFailure, shown } from '../outcomes.ts';
import { poll } from '../polling.ts';
import { uploadPlace } from '../scan-of-upload.ts';
import { outputOf, resourceOf } from '../stack-of-account.ts';
import { changesOnlyAws, whileChanged } from '../while-changed.ts';

const DELIVERY_PATIENCE_MS = 10 * 60_000;

/** Undelivered events are kept. */
export const ruleDelivery: Check = {
  id: 'rule-delivery',
  proves: "An event that a rule cannot deliver ends up in the rule's dead-letter queue.",
  class: 'breaking',
  breaks:
    'It points the rule on uploads at a state machine that does not exist, for up to ten minutes. Other uploads of that time are not scanned, and are in the dead-letter queue.',
  requests: 0,
  notFor: changesOnlyAws,
  async run(context) {
    const { events } = context.target.clients;
    const { physicalId: Rule } = resourceOf(
      context.target,
      'AWS::Events::Rule',
      /TriggerUploadBucket/,
    );
    const { Targets: [target] = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
    if (!target?.Arn) throw new CheckFailure(`the rule ${Rule} has no target`);
    const broken = { ...target, Arn: `${target.Arn}-none` };
    return whileChanged(
      context,
      {
        command: `aws events put-targets --rule ${Rule} --targets '${JSON.stringify([target])}'`,
        make: () => events.send(new PutTargetsCommand({ Rule, Targets: [broken] })),
        undo: () => events.send(new PutTargetsCommand({ Rule, Targets: [target] })),
      },
      async () => {
        const object = await context.objects.put(uploadPlace(context), 'undelivered.com', {
          Body: eicarText(),
        });
        const found = await poll(context, DELIVERY_PATIENCE_MS, () =>
          takeDeadLetter(context, object.key),
        );
        if (found) return found;
        throw new CheckFailure(
          `the event of ${object.key} is not in the dead-letter queue after ten minutes`,
        );
      },
    );
  },
};

/** Removes the message of an object from the dead-letter queue; others come back after five seconds. */
async function takeDeadLetter({ target }: CheckContext, key: string): Promise<string | undefined> {
  const { sqs } = target.clients;
  const { physicalId: QueueUrl } = resourceOf(target, 'AWS::SQS::Queue', /TriggerDeadLetterQueue/);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 5,
      MessageAttributeNames: ['All'],
    }),
  );
  const found = Messages.find(({ Body = '' }) => Body.includes(key));
  if (!found) return undefined;
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found.ReceiptHandle }));
  return `dead letter: ${found.MessageAttributes?.ERROR_CODE?.StringValue ?? 'without a code'}`;
}

/** A function that runs out of time is tried again. @param size - of a file that takes longer than 3 s, bytes */
export const createOutOfTime = (size: number): Check => ({
  id: 'out-of-time',
  proves:
    'If `SubmitFile` runs out of memory or time, `ScanUpload` tries it three times more and ends with the outcome `failed`: AWS uses the error names that the playbook retries.',
  class: 'breaking',
  breaks:
    'It sets SubmitFile to 128 MB and 3 s for some minutes, and uploads 600 MB. Submissions and scans fail in between.',
  requests: 0,
  notFor: changesOnlyAws,
  async run(context) {
    const { lambda } = context.target.clients;
    const FunctionName = outputOf(context.target, 'SubmitFileFunctionArn');
    const { MemorySize, Timeout } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    );
    const update = async (settings: {
      MemorySize?: number | undefined;
      Timeout?: number | undefined;
    }) => {
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, ...settings }));
      await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 120 }, { FunctionName });
    };
    return whileChanged(
      context,
      {
        command: `aws lambda update-function-configuration --function-name ${FunctionName} --memory-size ${MemorySize} --timeout ${Timeout}`,
        make: () => update({ MemorySize: 128, Timeout: 3 }),
        undo: () => update({ MemorySize, Timeout }),
      },
      () => scanLarge(context, size),
    );
  },
});

async function scanLarge(context: CheckContext, size: number): Promise<string> {
  const file = generateFile(size);
  const since = Date.now() - 10_000;
  const object = await context.objects.put(uploadPlace(context), 'large.com', {
    Body: file.body,
    ContentLength: file.size,
  });
  const arn = await poll(context, 90_000, () => scanOfObject(context, object, since));
  if (arn === undefined) throw new CheckFailure('the upload started no scan');
  const { output, status } = await endOfExecution(context, arn);
  const outcome = fieldOf(output, 'outcome');
  if (outcome === 'failed') return `failed: ${shown(fieldOf(output, 'error'))}`;
  throw new CheckFailure(`ScanUpload: got ${status} ${shown(output)}; expected the outcome failed`);
}
