/** Runs executions of the template's state machines, with the calls of the Step Functions API. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Invoker } from '../types.ts';
import { checkDefinition } from './check.ts';
import type { Workflow } from './definition.ts';
import type { Execution, ExecutionListener, ExecutionStatus, Transition } from './execution.ts';
import { type Run, run } from './run.ts';
import {
  checkArn,
  checkStart,
  contextOf,
  doesNotExist,
  type StartRequest,
  StepFunctionsRefusal,
} from './start.ts';

/** A state machine of the template, with its references resolved. */
export interface LocalStateMachine {
  readonly arn: string;
  readonly name: string;
  readonly definition: Workflow;
}

/** Options of the engine. */
export interface StepFunctionsOptions {
  readonly stateMachines: readonly LocalStateMachine[];
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly listener?: ExecutionListener;
  /** How late the API shows starts and ends of executions, milliseconds of the clock. @default 0 */
  readonly describeLagMs?: number | undefined;
}

interface Entry {
  execution: Execution;
  readonly transitions: Transition[];
  readonly run: Run;
  /** Resolves when the execution has ended. */
  readonly ended: Promise<Execution>;
  /** The error and cause of a stop. */
  stopped?: { readonly error: string | null; readonly cause: string | null };
}

/** Runs executions, and keeps them for as long as the process lives. */
export class StepFunctionsEngine {
  readonly stateMachines: readonly LocalStateMachine[];
  readonly #options: StepFunctionsOptions;
  readonly #entries = new Map<string, Entry>();
  #isClosed = false;

  /** @throws UnsupportedDefinitionError for a definition that is not supported */
  constructor(options: StepFunctionsOptions) {
    for (const { name, definition } of options.stateMachines) checkDefinition(name, definition);
    this.stateMachines = options.stateMachines;
    this.#options = options;
  }

  /**
   * Starts an execution; returns the running one if it has the same name and the same input.
   *
   * @throws StepFunctionsRefusal
   */
  startExecution({ stateMachineArn, name = randomUUID(), input = '{}' }: StartRequest): Execution {
    const machine = this.#machine(stateMachineArn);
    checkStart(name, input);
    const executionArn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const earlier = this.#entries.get(executionArn)?.execution;
    if (earlier?.status === 'RUNNING' && earlier.input === input) return earlier;
    if (earlier) {
      throw new StepFunctionsRefusal(
        'ExecutionAlreadyExists',
        `Execution Already Exists: '${executionArn}'`,
      );
    }
    return this.#start(machine, { executionArn, name, input });
  }

  /** @throws StepFunctionsRefusal */
  describeExecution(executionArn: string): Execution {
    return this.#entry(executionArn).execution;
  }

  /** Describes an execution as the API shows it, which may be late. @throws StepFunctionsRefusal */
  shownExecution(executionArn: string): Execution {
    const { execution } = this.#entry(executionArn);
    const { clock, describeLagMs = 0 } = this.#options;
    const shownAt = clock.now() - describeLagMs;
    if (execution.startDate > shownAt) throw doesNotExist('Execution', executionArn);
    const { stopDate } = execution;
    if (stopDate === null || stopDate <= shownAt) return execution;
    const unknown = { stopDate: null, output: null, error: null, cause: null };
    return { ...execution, status: 'RUNNING', ...unknown };
  }

  /** Returns the steps of an execution so far. @throws StepFunctionsRefusal */
  transitionsOf(executionArn: string): readonly Transition[] {
    return this.#entry(executionArn).transitions;
  }

  /** Returns executions, latest first. @throws StepFunctionsRefusal */
  listExecutions(stateMachineArn: string, status?: ExecutionStatus): Execution[] {
    const { arn } = this.#machine(stateMachineArn);
    return [...this.#entries.values()]
      .map(({ execution }) => execution)
      .filter((execution) => execution.stateMachineArn === arn)
      .filter((execution) => !status || execution.status === status)
      .reverse();
  }

  /** Ends a running execution as ABORTED. @throws StepFunctionsRefusal */
  async stopExecution(
    executionArn: string,
    error: string | null = null,
    cause: string | null = null,
  ): Promise<Execution> {
    const entry = this.#entry(executionArn);
    if (entry.execution.status === 'RUNNING') {
      entry.stopped = { error, cause };
      entry.run.abort();
    }
    return entry.ended;
  }

  /** Waits for the end of an execution. @throws StepFunctionsRefusal */
  ended(executionArn: string): Promise<Execution> {
    return this.#entry(executionArn).ended;
  }

  /** Ends all executions, without reporting it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const entries = [...this.#entries.values()];
    for (const { run } of entries) run.abort();
    await Promise.all(entries.map(({ ended }) => ended));
  }

  #start(
    machine: LocalStateMachine,
    { executionArn, name, input }: Pick<Execution, 'executionArn' | 'name' | 'input'>,
  ): Execution {
    const { invoker, clock, listener } = this.#options;
    const startDate = clock.now();
    const started: Execution = {
      executionArn,
      stateMachineArn: machine.arn,
      name,
      status: 'RUNNING',
      startDate,
      stopDate: null,
      input,
      output: null,
      error: null,
      cause: null,
    };
    const transitions: Transition[] = [];
    const running = run({
      definition: machine.definition,
      input,
      context: contextOf(machine, started),
      invoker,
      clock,
      onTransition: (transition) => {
        transitions.push(transition);
        if (!this.#isClosed) listener?.onTransition?.(started, transition);
      },
    });
    const ended = running.ending.then((ending) => {
      entry.execution = { ...started, stopDate: clock.now(), ...ending, ...entry.stopped };
      if (!this.#isClosed) listener?.onStatusChange?.(entry.execution);
      return entry.execution;
    });
    const entry: Entry = { execution: started, transitions, run: running, ended };
    this.#entries.set(executionArn, entry);
    listener?.onStatusChange?.(started);
    return started;
  }

  #machine(arn: string): LocalStateMachine {
    checkArn(arn, 'stateMachine');
    const found = this.stateMachines.find((machine) => machine.arn === arn);
    if (found) return found;
    throw doesNotExist('State Machine', arn);
  }

  #entry(executionArn: string): Entry {
    checkArn(executionArn, 'execution');
    const found = this.#entries.get(executionArn);
    if (found) return found;
    throw doesNotExist('Execution', executionArn);
  }
}
