/** The AWS services of a stack, and the endpoint that serves them. */
import { createCloudFormation } from '../aws/cloud-formation.ts';
import { openDynamoDb } from '../aws/dynamodb/dynamodb.ts';
import { createEventBridge } from '../aws/event-bridge.ts';
import { startAwsEndpoint } from '../aws/http/endpoint.ts';
import type { AwsService } from '../aws/http/service.ts';
import type { AsyncInvocations } from '../aws/lambda/async-invocations.ts';
import { createLambdaApi } from '../aws/lambda/lambda.ts';
import { createLogs, type LogStore } from '../aws/logs.ts';
import { openS3 } from '../aws/s3/s3.ts';
import { createSecretsManager } from '../aws/secrets-manager/secrets-manager.ts';
import { createSqs } from '../aws/sqs/sqs.ts';
import { createSts } from '../aws/sts.ts';
import { objectCreatedEvent } from '../events/created-object.ts';
import type { EventBus } from '../events/event-bus.ts';
import type { StepFunctionsEngine } from '../step-functions/engine.ts';
import { createStepFunctionsApi } from '../step-functions/service.ts';
import type { LocalStack } from '../template/load-assembly.ts';
import type { Invoker } from '../types.ts';
import type { CallLog } from './call-log.ts';
import type { Notifier } from './notifications.ts';
import type { ExternalResources, RunStackOptions } from './options.ts';

/** What the services call. */
export interface Engines {
  readonly invoker: Invoker;
  readonly invocations: AsyncInvocations;
  readonly bus: EventBus;
  readonly stateMachines: StepFunctionsEngine;
  readonly notifier: Notifier;
  readonly logs: LogStore;
}

export async function createServices(
  stack: LocalStack,
  external: ExternalResources,
  { clock, apiKey, listener }: RunStackOptions,
  { invoker, invocations, bus, stateMachines, notifier, logs }: Engines,
) {
  const s3 = await openS3({
    now: clock.now,
    onObjectCreated(object) {
      listener?.onObjectCreated?.(object);
      notifier.send(object);
      const bucket = stack.buckets.find(({ name }) => name === object.bucket);
      // External buckets send to EventBridge.
      if (bucket && !bucket.sendsToEventBridge) return;
      bus.put(objectCreatedEvent(object));
    },
  });
  for (const { name, isVersioned } of stack.buckets)
    s3.createBucket(name, { versioned: isVersioned });
  for (const name of external.buckets) s3.createBucket(name, { versioned: true });
  const dynamoDb = await openDynamoDb({ tables: stack.tables, now: clock.now });
  const sqs = await createSqs(clock);
  const secrets = createSecretsManager(clock.now);
  for (const secret of [...stack.secrets, ...external.secrets]) {
    secrets.create({ name: secret.name, arn: secret.arn, value: apiKey });
  }
  return [
    s3,
    sqs,
    secrets,
    dynamoDb,
    createSts(),
    createLambdaApi({ functions: stack.functions, invoker, asyncInvocations: invocations }),
    createEventBridge(bus, clock.now),
    createCloudFormation(stack, clock.now),
    createLogs(logs),
    createStepFunctionsApi(stateMachines),
  ];
}

/** Starts the AWS endpoint, which closes its services when it closes, or closes them if it cannot start. */
export async function startAws(
  services: readonly AwsService[],
  recorder: CallLog,
  { awsPort: port, clock }: Pick<RunStackOptions, 'awsPort' | 'clock'>,
) {
  try {
    return await startAwsEndpoint({ services, recorder, port, now: clock.now });
  } catch (error) {
    await Promise.all(services.map((service) => service.close()));
    throw error;
  }
}
