/** The start of an execution: what is taken, what is refused, and what its states can know of it. */
import { type Execution, isTooLarge } from './execution.ts';

/** A start. */
export interface StartRequest {
  readonly stateMachineArn: string;
  /** @default a UUID */
  readonly name?: string;
  /** JSON text. @default '{}' */
  readonly input?: string;
}

/** A call that Step Functions would refuse; the code is AWS's, for example `ExecutionAlreadyExists`. */
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

/**
 * Checks a start.
 *
 * @throws StepFunctionsRefusal
 */
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

/**
 * What is known of the context object when an execution starts
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
      RoleArn: arn.replace(/:states:[^:]*:(\d+):.*$/, ':iam::$1:role/local'),
      StartTime: new Date(execution.startDate).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: arn, Name: name },
  };
}
