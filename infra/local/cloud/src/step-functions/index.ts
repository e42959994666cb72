/** State machines: definitions, executions and histories. */
export { isRecord } from '../json.ts';
export {
  type NamedState,
  readWorkflow,
  type State,
  statesOf,
  type Workflow,
} from './definition.ts';
export { localNotes } from './description.ts';
export { StepFunctionsEngine } from './engine.ts';
export { type Execution, MAX_DATA_BYTES, type Transition } from './execution.ts';
export { historyOf, MAX_HISTORY_EVENTS } from './history.ts';
export { createStepFunctionsApi } from './service.ts';
