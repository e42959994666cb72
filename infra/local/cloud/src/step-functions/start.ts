/** Validates the start of an execution, and creates its context object. */
import type { LocalStateMachine, Workflow } from './definition.ts';
import { type Execution, isTooLarge } from './execution.ts';
import { cannotRedrive } from './redrive.ts';

/** Request to start an execution. */
export interface StartRequest {
  readonly stateMachineArn: string;
  /** @default a UUID */
  readonly name?: string;
  /** JSON text. @default '{}' */
  readonly input?: string;
}

/** An error of the Step Functions API, with its AWS code, for example `ExecutionAlreadyExists`. */
export class StepFunctionsRefusal extends Error {
  override readonly name = 'StepFunctionsRefusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
const EXECUTION_NAME = /^[^\s\p{Cc}<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/u;

/** Validates name and input of an execution. @throws StepFunctionsRefusal */
export function checkStart(name: string, input: string): void {
  if (!EXECUTION_NAME.test(name)) {
    throw new StepFunctionsRefusal('InvalidName', `Invalid Name: '${name}'`);
  }
  if (isTooLarge(input)) {
    throw new StepFunctionsRefusal(
      'InvalidExecutionInput',
      'The input is longer than 262144 bytes.',
    );
  }
  try {
    JSON.parse(input);
  } catch {
    throw new StepFunctionsRefusal(
      'InvalidExecutionInput',
      "Invalid State Machine Execution Input: 'it is not JSON'",
    );
  }
}

/** Returns a new execution of a state machine. */
export function newExecution(
  stateMachineArn: string,
  identity: Pick<Execution, 'executionArn' | 'name' | 'input' | 'startDate'>,
): Execution {
  return {
    ...identity,
    stateMachineArn,
    status: 'RUNNING',
    stopDate: null,
    output: null,
    error: null,
    cause: null,
    redriveCount: 0,
    redriveDate: null,
    notRedrivable: cannotRedrive('RUNNING'),
  };
}

/** A child execution of a distributed Map. */
export interface ChildRequest {
  /** ARN of its state machine: `<machine>/<label>`. */
  readonly machineArn: string;
  readonly name: string;
  readonly definition: Workflow;
  readonly input: unknown;
}

/** Returns what starts a child execution: its state machine, itself, and where it begins. */
export function childOf(
  parent: LocalStateMachine,
  { machineArn: arn, name, definition, input: value }: ChildRequest,
  startDate: number,
): [LocalStateMachine, Execution, { definition: Workflow; startInput: string }] {
  const input = JSON.stringify(value);
  const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${name}`;
  const execution = newExecution(arn, { executionArn, name, input, startDate });
  return [{ ...parent, arn, definition }, execution, { definition, startInput: input }];
}

/** Returns an execution as it was at a time, epoch milliseconds. @throws StepFunctionsRefusal before its start */
export function shownAt(time: number, execution: Execution): Execution {
  const { startDate, stopDate, executionArn } = execution;
  if (startDate > time) throw doesNotExist('Execution', executionArn);
  if (stopDate === null || stopDate <= time) return execution;
  const unknown = { stopDate: null, output: null, error: null, cause: null };
  return { ...execution, status: 'RUNNING', notRedrivable: cannotRedrive('RUNNING'), ...unknown };
}

/** Made-up role of an execution: there is no IAM. */
export function roleArnOf({ stateMachineArn }: Execution): string {
  return stateMachineArn.replace(/:states:[^:]*:(\d+):.*$/, ':iam::$1:role/local');
}

/** @throws StepFunctionsRefusal for what is not the ARN of a state machine, or of an execution */
export function checkArn(arn: string, kind: 'stateMachine' | 'execution'): void {
  const pattern = kind === 'execution' ? EXECUTION_ARN : MACHINE_ARN;
  if (!pattern.test(arn)) throw new StepFunctionsRefusal('InvalidArn', `Invalid Arn: '${arn}'`);
}

/** Returns the error for a state machine or an execution that does not exist. */
export function doesNotExist(what: 'State Machine' | 'Execution', arn: string) {
  const code = `${what.replace(' ', '')}DoesNotExist`;
  return new StepFunctionsRefusal(code, `${what} Does Not Exist: '${arn}'`);
}

const MACHINE_ARN = /^arn:aws[\w-]*:states:[\w-]+:\d{12}:stateMachine:[^:]+(?::[^:]+)?$/;
const EXECUTION_ARN = /^arn:aws[\w-]*:states:[\w-]+:\d{12}:execution:[^:]+:[^:]+$/;

/**
 * Returns the context object of an execution
 * (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html).
 */
export function contextOf(
  { arn, name }: { readonly arn: string; readonly name: string },
  execution: Execution,
): Readonly<Record<string, unknown>> {
  return {
    Execution: {
      Id: execution.executionArn,
      Input: JSON.parse(execution.input),
      Name: execution.name,
      RoleArn: roleArnOf(execution),
      StartTime: new Date(execution.startDate).toISOString(),
      RedriveCount: execution.redriveCount,
      ...(execution.redriveDate !== null && {
        RedriveTime: new Date(execution.redriveDate).toISOString(),
      }),
    },
    StateMachine: { Id: arn, Name: name },
  };
}
