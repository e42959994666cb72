/** Gives the targets of EventBridge's rules and of bucket notifications their input. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AsyncInvocations } from '../aws/lambda/async-invocations.ts';
import { DeliveryError } from '../events/delivery.ts';
import type { StepFunctionsEngine } from '../step-functions/engine.ts';
import { StepFunctionsRefusal } from '../step-functions/start.ts';
import { localClientOptions, queueUrl } from './queues.ts';

/** Where targets are. */
export interface Targets {
  readonly stateMachines: StepFunctionsEngine;
  readonly invocations: AsyncInvocations;
  readonly awsUrl: () => string;
}

/**
 * Delivers one input.
 *
 * @param arn - of the target
 * @param payload - JSON text
 * @param traceHeader - of the request that led to it, if the service passes it on, as S3 does. @default none
 * @throws DeliveryError
 */
export async function deliverTo(
  targets: Targets,
  arn: string,
  payload: string,
  traceHeader?: string,
): Promise<void> {
  const service = arn.split(':')[2];
  if (service === 'states') startExecution(targets.stateMachines, arn, payload);
  else if (service === 'lambda') targets.invocations.start(arn, payload, traceHeader);
  else if (service === 'sqs') await send(targets.awsUrl(), arn, payload, traceHeader);
  else throw new DeliveryError('NO_RESOURCE', `the local run has no target ${arn}`, false);
}

function startExecution(engine: StepFunctionsEngine, arn: string, input: string): void {
  try {
    engine.startExecution({ stateMachineArn: arn, input });
  } catch (error) {
    if (!(error instanceof StepFunctionsRefusal)) throw error;
    throw new DeliveryError('NO_RESOURCE', error.message, false);
  }
}

async function send(
  awsUrl: string,
  arn: string,
  payload: string,
  traceHeader?: string,
): Promise<void> {
  const sqs = new SQSClient(localClientOptions(awsUrl));
  const command = new SendMessageCommand({
    QueueUrl: queueUrl(awsUrl, arn),
    MessageBody: payload,
    ...(traceHeader !== undefined && {
      MessageSystemAttributes: {
        AWSTraceHeader: { DataType: 'String', StringValue: traceHeader },
      },
    }),
  });
  await sqs.send(command);
  sqs.destroy();
}
