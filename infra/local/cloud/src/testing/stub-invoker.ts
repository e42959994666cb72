/** Functions for tests: each answers from its input, or fails as Lambda reports it. */
import { type InvocationResult, type Invoker, UnknownFunctionError } from '../types.ts';

/** A function; what it throws is its error. */
// biome-ignore lint/suspicious/noExplicitAny: every test knows its own inputs
export type StubFunction = (input: any, callsBefore: number) => unknown;

/** Keeps what it was asked, oldest first. */
export class StubInvoker implements Invoker {
  readonly calls: { readonly name: string; readonly input: unknown }[] = [];
  readonly #functions: Readonly<Record<string, StubFunction>>;

  /** @param functions - by a part of the name or ARN */
  constructor(functions: Readonly<Record<string, StubFunction>>) {
    this.#functions = functions;
  }

  async invoke(arn: string, payload: string): Promise<InvocationResult> {
    const found = Object.entries(this.#functions).find(([part]) => arn.includes(part));
    if (!found) throw new UnknownFunctionError(arn);
    const [name, answer] = found;
    const input: unknown = JSON.parse(payload);
    const before = this.calls.filter((call) => call.name === name).length;
    this.calls.push({ name, input });
    try {
      const output = await answer(input, before);
      return { status: 'succeeded', payload: JSON.stringify(output ?? null) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const { name: errorType, message: errorMessage } = error;
      return { status: 'failed', error: { errorType, errorMessage, trace: [] } };
    }
  }

  /** What a function was given, oldest first. */
  inputsOf(name: string): unknown[] {
    return this.calls.filter((call) => call.name === name).map(({ input }) => input);
  }
}

/** Returns an error with a name. */
export function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
