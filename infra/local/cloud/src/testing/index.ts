/** Helpers for tests of what runs in the local cloud. */
export { inDirectory, stackOf, writeAssembly } from './assembly.ts';
export { RecordedCalls } from './recorded-calls.ts';
export { SkippingClock } from './skipping-clock.ts';
export { namedError, type StubFunction, StubInvoker } from './stub-invoker.ts';
export { UnboundedFunctions } from './unbounded-functions.ts';
