/** Runs a synthesised CDK cloud assembly on one machine. */
export { type Clock, createClock } from './clock.ts';
export { startLambdaService } from './lambda/lambda-service.ts';
export type { MayCall } from './stack/authorise.ts';
export { objectStoreOf } from './stack/object-store.ts';
export type {
  ExternalResources,
  RunningStack,
  RunStackOptions,
  StackListener,
} from './stack/options.ts';
export { localClientOptions } from './stack/queues.ts';
export { runStack } from './stack/run-stack.ts';
export { type LocalStack, loadAssembly } from './template/load-assembly.ts';
export type { LocalRole } from './template/views/roles.ts';
export {
  type AwsCall,
  type InvocationResult,
  type Invoker,
  type LambdaError,
  LOCAL_ACCOUNT,
  LOCAL_REGION,
  type LocalFunction,
} from './types.ts';
