/** Runs a synthesised stack on this machine: its functions, API, stores, rules and state machines, over local engines. */

import { createAsyncInvocations } from '../aws/lambda/async-invocations.ts';
import { LogStore } from '../aws/logs.ts';
import { startPoller } from '../event-sources/poller.ts';
import { createEventBus, type EventBus, type EventBusOptions } from '../events/event-bus.ts';
import { executionStatusEvent } from '../events/execution-status.ts';
import { type Gateway, startGateway } from '../gateway/gateway.ts';
import { type LambdaService, startLambdaService } from '../lambda/lambda-service.ts';
import { readWorkflow } from '../step-functions/definition.ts';
import { StepFunctionsEngine } from '../step-functions/engine.ts';
import { type LocalStack, loadAssembly } from '../template/load-assembly.ts';
import type { Invoker, LocalFunction } from '../types.ts';
import { invokerOfRole, refusalBy } from './authorise.ts';
import { CallLog } from './call-log.ts';
import { deliverTo } from './deliver.ts';
import { createNotifier, type Notifier, type NotifierOptions } from './notifications.ts';
import { objectStoreOf } from './object-store.ts';
import type { ExternalResources, RunningStack, RunStackOptions } from './options.ts';
import { createQueues, queueUrl, sendDeadLetter } from './queues.ts';
import { createServices, startAws } from './services.ts';

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
  const external = options.external?.(stack) ?? NOTHING_EXTERNAL;
  const calls = callLogOf(stack, options);
  // Services and engines know each other: functions call AWS, and AWS invokes functions.
  const functions: Invoker = { invoke: (...call) => lambda.invoke(...call) };
  const invoker = options.aroundInvoker?.(functions) ?? functions;
  const invocations = createAsyncInvocations({ invoker, clock, onDropped: listener.onDropped });
  endings.push(() => invocations.close());
  const awsUrl = () => aws.url;
  const put: EventBus['put'] = (event) => bus.put(event);
  const stateMachines = createStateMachines(stack, options, { invoker, calls, awsUrl, put });
  const deliver = (arn: string, payload: string, traceHeader?: string) =>
    deliverTo({ stateMachines, invocations, awsUrl }, arn, payload, traceHeader);
  const bus: EventBus = createBus(stack, external, options, {
    recorder: calls,
    deliver,
    onDeadLetter: (letter) => sendDeadLetter(aws.url, letter),
  });
  const notifier = notifierOf(stack, options, deliver);
  const logs = new LogStore(stack.functions.map(logGroupOf), clock.now);
  const engines = { invoker, invocations, bus, stateMachines, notifier, logs };
  const services = await createServices(stack, external, options, engines);
  const aws = await startAws(services, calls, options);
  endings.push(() => aws.close());
  const lambda = startFunctions(stack, aws.url, logs, options);
  endings.push(() => Promise.all([stateMachines.close(), bus.close(), lambda.close()]));
  await createQueues(aws.url, stack.queues);
  await notifier.test();
  const gateway = await openGateway(singleApi(stack), invoker, options);
  endings.push(() => gateway.close());
  const stopPollers = pollQueues(stack, aws.url, invoker, options);
  // Together with the functions, which may be busy with a batch.
  endings.push(() => Promise.all([stopPollers(), lambda.close()]));
  return { stack, apiUrl: gateway.url, awsUrl: aws.url, lambda, stateMachines, bus, calls };
}

function singleApi({ apis }: LocalStack): LocalStack['apis'][number] {
  const [api, ...others] = apis;
  if (!api || others.length > 0) throw new Error(`the stack has ${apis.length} APIs, not one`);
  return api;
}

function callLogOf({ roles }: LocalStack, { mayCall }: RunStackOptions): CallLog {
  return new CallLog(mayCall && refusalBy(mayCall, roles));
}

function openGateway(
  api: LocalStack['apis'][number],
  invoker: Invoker,
  { clock, apiPort: port, signingKey, listener }: RunStackOptions,
): Promise<Gateway> {
  const { onRequest } = listener ?? {};
  return startGateway({ api, invoker, clock, port, signingKey, onRequest });
}

function createBus(
  { rules, buses }: LocalStack,
  external: ExternalResources,
  { clock, listener }: RunStackOptions,
  targets: Pick<EventBusOptions, 'recorder' | 'deliver' | 'onDeadLetter'>,
): EventBus {
  const busNames = [...buses.map(({ name }) => name), ...external.buses];
  return createEventBus({ rules, busNames, clock, onDelivery: listener?.onDelivery, ...targets });
}

function notifierOf(
  { notifications }: LocalStack,
  { clock, listener }: RunStackOptions,
  deliver: NotifierOptions['deliver'],
): Notifier {
  const { onNotification } = listener ?? {};
  return createNotifier({ notifications, now: clock.now, deliver, onNotification });
}

/** Polls the queues of the enabled event source mappings. */
function pollQueues(
  { eventSources }: LocalStack,
  awsUrl: string,
  invoker: Invoker,
  { clock, listener }: RunStackOptions,
): () => Promise<unknown> {
  const stops = eventSources
    .filter(({ isEnabled }) => isEnabled)
    .map((source) => {
      const url = queueUrl(awsUrl, source.queueArn);
      const { onBatch } = listener ?? {};
      return startPoller({ source, queueUrl: url, awsUrl, invoker, clock, onBatch });
    });
  return () => Promise.all(stops.map((stop) => stop()));
}

function startFunctions(
  { functions }: LocalStack,
  awsEndpointUrl: string,
  logs: LogStore,
  { clock, environment, maxConcurrency, listener = {} }: RunStackOptions,
): LambdaService {
  const { onLine, onInvocation } = listener;
  return startLambdaService({
    functions,
    awsEndpointUrl,
    clock,
    environment,
    maxConcurrency,
    onLine(fn, line) {
      logs.write(logGroupOf(fn), line);
      onLine?.(fn, line);
    },
    onInvocation,
  });
}

function logGroupOf({ logGroup, name }: LocalFunction): string {
  return logGroup ?? `/aws/lambda/${name}`;
}

/** What state machines call. */
interface StateMachineServices extends Pick<EventBus, 'put'> {
  readonly invoker: Invoker;
  readonly calls: CallLog;
  readonly awsUrl: () => string;
}

function createStateMachines(
  stack: LocalStack,
  { clock, listener, describeLagMs }: RunStackOptions,
  { invoker, calls, awsUrl, put }: StateMachineServices,
): StepFunctionsEngine {
  return new StepFunctionsEngine({
    stateMachines: stack.stateMachines.map(({ arn, name, roleId, definition }) => ({
      arn,
      name,
      definition: readWorkflow(JSON.parse(definition)),
      invoker: invokerOfRole(roleId, invoker, calls),
      objects: objectStoreOf(roleId, awsUrl),
    })),
    invoker,
    clock,
    describeLagMs,
    listener: {
      onTransition: listener?.onTransition,
      onStatusChange(execution) {
        listener?.onStatusChange?.(execution);
        put(executionStatusEvent(execution));
      },
    },
  });
}
