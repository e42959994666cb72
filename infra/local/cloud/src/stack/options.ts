/** What `runStack` takes and returns. */
import type { DroppedInvocation } from '../aws/lambda/async-invocations.ts';
import type { ObjectCreated } from '../aws/s3/s3.ts';
import type { Clock } from '../clock.ts';
import type { BatchReport } from '../event-sources/poller.ts';
import type { DeliveryReport, EventBus } from '../events/event-bus.ts';
import type { ServedRequest } from '../gateway/gateway.ts';
import type { SigningKey } from '../gateway/signature.ts';
import type { Invocation, LambdaService } from '../lambda/lambda-service.ts';
import type { StepFunctionsEngine } from '../step-functions/engine.ts';
import type { Execution, Transition } from '../step-functions/execution.ts';
import type { LocalStack } from '../template/load-assembly.ts';
import type { Invoker, LocalFunction } from '../types.ts';
import type { MayCall } from './authorise.ts';
import type { CallLog } from './call-log.ts';
import type { NotificationReport } from './notifications.ts';

/** Options of `runStack`. */
export interface RunStackOptions {
  /** Folder of the synthesised cloud assembly. */
  readonly directory: string;
  readonly clock: Clock;
  /** Port of the API; 0: any free one. */
  readonly apiPort: number;
  /** Port of the AWS endpoint; 0: any free one. */
  readonly awsPort: number;
  /** Value of the secret that holds the API key; absent: the secret has no value. */
  readonly apiKey?: string;
  /** Environment variables of every function, over the template's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Processes of one function at once. */
  readonly maxConcurrency?: number;
  /** Whether a role of the stack may call an action on a resource. @default it may: policies are not enforced */
  readonly mayCall?: MayCall | undefined;
  /** The key that requests to the API have to be signed with (`AWS_IAM`). @default signatures are not checked */
  readonly signingKey?: SigningKey | undefined;
  readonly listener?: StackListener;
  /** Lists the resources to create besides those of the template. @default none */
  readonly external?: (stack: LocalStack) => ExternalResources;
  /** Wraps the invoker of the functions, so that tests can make invocations fail. @default no wrapper */
  readonly aroundInvoker?: (invoker: Invoker) => Invoker;
  /**
   * How late `DescribeExecution` shows that an execution has started or ended, milliseconds of the clock: on AWS
   * it is eventually consistent. @default 0
   */
  readonly describeLagMs?: number | undefined;
}

/** Resources that the stack uses and that exist before it does. */
export interface ExternalResources {
  /** Created with `apiKey` as their value. */
  readonly secrets: readonly { readonly name: string; readonly arn: string }[];
  /** Names; the buckets are versioned and send events to EventBridge. */
  readonly buckets: readonly string[];
  /** Names of event buses. */
  readonly buses: readonly string[];
}

/** Observes a stack that runs. */
export interface StackListener {
  onRequest?(request: ServedRequest): void;
  onInvocation?(invocation: Invocation): void;
  onLine?(fn: LocalFunction, line: string): void;
  onDropped?(dropped: DroppedInvocation): void;
  onObjectCreated?(object: ObjectCreated): void;
  onDelivery?(report: DeliveryReport): void;
  onBatch?(report: BatchReport): void;
  onNotification?(report: NotificationReport): void;
  onStatusChange?(execution: Execution): void;
  onTransition?(execution: Execution, transition: Transition): void;
}

/** A stack that runs. */
export interface RunningStack {
  readonly stack: LocalStack;
  /** Base of the API, stage included. */
  readonly apiUrl: string;
  /** Value for `AWS_ENDPOINT_URL`. */
  readonly awsUrl: string;
  readonly lambda: LambdaService;
  readonly stateMachines: StepFunctionsEngine;
  readonly bus: EventBus;
  /** AWS calls that the engines have served. */
  readonly calls: CallLog;
  /** Stops everything; no process is left. */
  close(): Promise<void>;
}
