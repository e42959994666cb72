/** Invokes the functions directly, as Step Functions and the SDK do. */
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Operation } from '../../shared/operations/catalogue.ts';
import type { CheckContext } from './context.ts';
import { CheckFailure, shown } from './outcomes.ts';
import { throwIfQuotaSpent, whenQuotaAllows } from './quota.ts';
import { outputOf } from './stack-of-account.ts';

/** The error that an invocation ended with. */
export interface ThrownError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** How an invocation ended. */
export type InvocationAnswer = { readonly output: unknown } | { readonly error: ThrownError };

/** Invokes an operation's function; waits for the quota. */
export function invokeDirect(
  context: CheckContext,
  operation: Pick<Operation, 'id'>,
  input: unknown,
): Promise<InvocationAnswer> {
  return whenQuotaAllows(context, async () => {
    const answer = await invokeOnce(context, operation, input);
    if ('error' in answer) throwIfQuotaSpent(answer.error.errorType, answer.error.errorMessage);
    return answer;
  });
}

/** Invokes an operation's function, whatever the quota says. */
export async function invokeOnce(
  { target, signal }: CheckContext,
  operation: Pick<Operation, 'id'>,
  input: unknown,
): Promise<InvocationAnswer> {
  const FunctionName = outputOf(target, `${operation.id}FunctionArn`);
  const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify(input) });
  const answer = await target.clients.lambda.send(command, { abortSignal: signal });
  const output: unknown = JSON.parse(answer.Payload?.transformToString() || 'null');
  if (answer.FunctionError === undefined) return { output };
  return { error: thrownError(operation.id, output) };
}

/** Invokes an operation's function, and expects an output. @throws CheckFailure */
export async function invokeForOutput(
  context: CheckContext,
  operation: Pick<Operation, 'id'>,
  input: unknown,
): Promise<unknown> {
  const answer = await invokeDirect(context, operation, input);
  if ('output' in answer) return answer.output;
  const { errorType, errorMessage } = answer.error;
  throw new CheckFailure(`direct invocation of ${operation.id}: got ${errorType}: ${errorMessage}`);
}

function thrownError(id: string, output: unknown): ThrownError {
  if (typeof output === 'object' && output !== null && 'errorType' in output) {
    const { errorType, errorMessage }: { errorType: unknown; errorMessage?: unknown } = output;
    return { errorType: String(errorType), errorMessage: String(errorMessage ?? '') };
  }
  throw new CheckFailure(`direct invocation of ${id}: got ${shown(output)}`);
}
