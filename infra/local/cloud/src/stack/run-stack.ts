/** Runs a synthesised stack on this machine: its functions, API, stores, rules and state machines, over local engines. */

import { openDynamoDb } from '../aws/dynamodb/dynamodb.ts';
import { createEventBridge } from '../aws/event-bridge.ts';
import { startAwsEndpoint } from '../aws/http/endpoint.ts';
import type { AwsService } from '../aws/http/service.ts';
import { type AsyncInvocations, createAsyncInvocations } from '../aws/lambda/async-invocations.ts';
import { createLambdaApi } from '../aws/lambda/lambda.ts';
import { openS3 } from '../aws/s3/s3.ts';
import { createSecretsManager } from '../aws/secrets-manager/secrets-manager.ts';
import { createSqs } from '../aws/sqs.ts';
import { objectCreatedEvent } from '../events/created-object.ts';
import { createEventBus, type EventBus } from '../events/event-bus.ts';
import { executionStatusEvent } from '../events/execution-status.ts';
import { startGateway } from '../gateway/gateway.ts';
import { type LambdaService, startLambdaService } from '../lambda/lambda-service.ts';
import { readWorkflow } from '../step-functions/definition.ts';
import { StepFunctionsEngine } from '../step-functions/engine.ts';
import { createStepFunctionsApi } from '../step-functions/service.ts';
import { type LocalStack, loadAssembly } from '../template/load-assembly.ts';
import type { Invoker } from '../types.ts';
import { CallLog } from './call-log.ts';
import { deliverTo } from './deliver.ts';
import type { ExternalResources, RunningStack, RunStackOptions } from './options.ts';
import { createQueues, sendDeadLetter } from './queues.ts';

const NOTHING_EXTERNAL: ExternalResources = { secrets: [], buckets: [], buses: [] };

/**
 * Starts a stack.
 *
 * @throws UnsupportedTemplateError, UnsupportedDefinitionError that name what cannot run here; an Error
 * with code `EADDRINUSE` when a port is taken
 */
export async function runStack(options: RunStackOptions): Promise<RunningStack> {
  const endings: Ending[] = [];
  const close = async () => {
    for (const end of endings.splice(0).toReversed()) await end();
  };
  try {
    return { ...(await startAll(options, endings)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Ends one part; the latest that was started is ended first. */
type Ending = () => Promise<unknown>;

async function startAll(
  options: RunStackOptions,
  endings: Ending[],
): Promise<Omit<RunningStack, 'close'>> {
  const { clock, listener = {} } = options;
  const stack = loadAssembly(options.directory);
  const api = singleApi(stack);
  const external = options.external?.(stack) ?? NOTHING_EXTERNAL;
  const calls = new CallLog();
  // Services and engines know each other: functions call AWS, and AWS invokes functions.
  const functions: Invoker = { invoke: (name, payload) => lambda.invoke(name, payload) };
  const invoker = options.aroundInvoker?.(functions) ?? functions;
  const invocations = createAsyncInvocations({ invoker, clock, onDropped: listener.onDropped });
  endings.push(() => invocations.close());
  const stateMachines = createStateMachines(stack, options, invoker, (event) => bus.put(event));
  const bus: EventBus = createEventBus({
    rules: stack.rules,
    busNames: [...stack.buses.map(({ name }) => name), ...external.buses],
    clock,
    recorder: calls,
    deliver: (arn, payload) =>
      deliverTo({ stateMachines, invocations, awsUrl: () => aws.url }, arn, payload),
    onDeadLetter: (letter) => sendDeadLetter(aws.url, letter),
    onDelivery: listener.onDelivery,
  });
  const engines = { invoker, invocations, bus, stateMachines };
  const services = await createServices(stack, external, options, engines);
  const aws = await startAws(services, calls, options.awsPort);
  endings.push(() => aws.close());
  const lambda = startFunctions(stack, aws.url, options);
  endings.push(() => Promise.all([stateMachines.close(), bus.close(), lambda.close()]));
  await createQueues(aws.url, stack.queues);
  const { apiPort: port } = options;
  const gateway = await startGateway({ api, invoker, clock, port, onRequest: listener.onRequest });
  endings.push(() => gateway.close());
  return { stack, apiUrl: gateway.url, awsUrl: aws.url, lambda, stateMachines, bus, calls };
}

function singleApi({ apis }: LocalStack): LocalStack['apis'][number] {
  const [api, ...others] = apis;
  if (!api || others.length > 0) throw new Error(`the stack has ${apis.length} APIs, not one`);
  return api;
}

/** Starts the AWS endpoint, which closes its services when it closes, or closes them if it cannot start. */
async function startAws(services: readonly AwsService[], recorder: CallLog, port: number) {
  try {
    return await startAwsEndpoint({ services, recorder, port });
  } catch (error) {
    await Promise.all(services.map((service) => service.close()));
    throw error;
  }
}

function startFunctions(
  { functions }: LocalStack,
  awsEndpointUrl: string,
  { clock, environment, maxConcurrency, listener = {} }: RunStackOptions,
): LambdaService {
  const { onLine, onInvocation } = listener;
  return startLambdaService({
    functions,
    awsEndpointUrl,
    clock,
    environment,
    maxConcurrency,
    onLine,
    onInvocation,
  });
}

interface Engines {
  readonly invoker: Invoker;
  readonly invocations: AsyncInvocations;
  readonly bus: EventBus;
  readonly stateMachines: StepFunctionsEngine;
}

async function createServices(
  stack: LocalStack,
  external: ExternalResources,
  { clock, apiKey, listener }: RunStackOptions,
  { invoker, invocations, bus, stateMachines }: Engines,
) {
  const s3 = await openS3({
    now: clock.now,
    onObjectCreated(object) {
      listener?.onObjectCreated?.(object);
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
  const sqs = await createSqs();
  const secrets = createSecretsManager(clock.now);
  for (const secret of [...stack.secrets, ...external.secrets]) {
    secrets.create({ name: secret.name, arn: secret.arn, value: apiKey });
  }
  return [
    s3,
    sqs,
    secrets,
    dynamoDb,
    createLambdaApi({ functions: stack.functions, invoker, asyncInvocations: invocations }),
    createEventBridge(bus, clock.now),
    createStepFunctionsApi(stateMachines),
  ];
}

function createStateMachines(
  stack: LocalStack,
  { clock, listener }: RunStackOptions,
  invoker: Invoker,
  put: EventBus['put'],
): StepFunctionsEngine {
  return new StepFunctionsEngine({
    stateMachines: stack.stateMachines.map(({ arn, name, definition }) => ({
      arn,
      name,
      definition: readWorkflow(JSON.parse(definition)),
    })),
    invoker,
    clock,
    listener: {
      onTransition: listener?.onTransition,
      onStatusChange(execution) {
        listener?.onStatusChange?.(execution);
        put(executionStatusEvent(execution));
      },
    },
  });
}
