/** Runs executions of the template's state machines, with the calls of the Step Functions API. */
import { randomUUID } from 'node:crypto';
import { checkDefinition } from './check.ts';
import type { LocalStateMachine } from './definition.ts';
import type { MapRun } from './distributed-map.ts';
import type { StepFunctionsOptions } from './engine-options.ts';
import type { Execution, ExecutionStatus, Transition } from './execution.ts';
import { nestedOf } from './nested.ts';
import { type Attempt, redriveObstacle, restartOf } from './redrive.ts';
import { type Run, type RunRequest, run } from './run.ts';
import {
  checkArn,
  checkStart,
  childOf,
  contextOf,
  doesNotExist,
  newExecution,
  type StartRequest,
  StepFunctionsRefusal,
  shownAt,
} from './start.ts';

interface Entry {
  execution: Execution;
  readonly machine: LocalStateMachine;
  readonly transitions: Transition[];
  /** Attempts before the last redrive, oldest first. */
  readonly earlier: readonly Attempt[];
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
  readonly #mapRuns = new Map<string, MapRun>();
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
    const startDate = this.#options.clock.now();
    const execution = newExecution(machine.arn, { executionArn, name, input, startDate });
    return this.#begin(machine, execution, { ...machine, startInput: input });
  }

  /** @throws StepFunctionsRefusal */
  describeExecution(executionArn: string): Execution {
    return this.#entry(executionArn).execution;
  }

  /** Describes an execution as the API shows it, which may be late. @throws StepFunctionsRefusal */
  shownExecution(executionArn: string): Execution {
    const { clock, describeLagMs = 0 } = this.#options;
    return shownAt(clock.now() - describeLagMs, this.#entry(executionArn).execution);
  }

  /** Returns the steps of an execution so far. @throws StepFunctionsRefusal */
  transitionsOf(executionArn: string): readonly Transition[] {
    return this.#entry(executionArn).transitions;
  }

  /** Returns the attempts before the last redrive, oldest first. @throws StepFunctionsRefusal */
  earlierAttemptsOf(executionArn: string): readonly Attempt[] {
    return this.#entry(executionArn).earlier;
  }

  /** Continues an unsuccessful execution with the state that was not successful. @throws StepFunctionsRefusal */
  redriveExecution(executionArn: string): Execution {
    const { execution, machine, transitions, earlier } = this.#entry(executionArn);
    const { notRedrivable } = execution;
    if (notRedrivable !== null) {
      throw new StepFunctionsRefusal('ExecutionNotRedrivable', notRedrivable);
    }
    const attempts = [...earlier, { execution, transitions }];
    const redriven: Execution = {
      ...newExecution(machine.arn, execution),
      redriveCount: execution.redriveCount + 1,
      redriveDate: this.#options.clock.now(),
    };
    const restart = restartOf(machine, execution.input, attempts);
    return this.#begin(machine, redriven, restart, attempts);
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

  #begin(
    machine: LocalStateMachine,
    started: Execution,
    { definition, startInput }: Pick<RunRequest, 'definition' | 'startInput'>,
    earlier: readonly Attempt[] = [],
  ): Execution {
    const { invoker, clock, listener } = this.#options;
    const transitions: Transition[] = [];
    const running = run({
      definition,
      startInput,
      context: contextOf(machine, started),
      invoker: machine.invoker ?? invoker,
      nested: nestedOf(machine, this, this.#mapRuns, (child) =>
        this.#begin(...childOf(machine, child, clock.now())),
      ),
      clock,
      onTransition: (transition) => {
        transitions.push(transition);
        if (!this.#isClosed) listener?.onTransition?.(started, transition);
      },
    });
    const ended = running.ending.then((ending) => {
      const execution = { ...started, stopDate: clock.now(), ...ending, ...entry.stopped };
      const notRedrivable = redriveObstacle(machine.definition, { execution, transitions });
      entry.execution = { ...execution, notRedrivable };
      if (!this.#isClosed) listener?.onStatusChange?.(entry.execution);
      return entry.execution;
    });
    const entry: Entry = { execution: started, machine, transitions, earlier, run: running, ended };
    this.#entries.set(started.executionArn, entry);
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
