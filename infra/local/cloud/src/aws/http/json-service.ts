/** Services with JSON requests, whose action is in `X-Amz-Target: <prefix>.<Action>`. */
import type * as z from 'zod/mini';
import { issuesText } from '../../schema-issues.ts';
import { answerJson, readBody } from './json.ts';
import { AwsRefusal } from './refusal.ts';
import type { AwsExchange, AwsService } from './service.ts';

/** Handles one action: receives the parsed body, returns the answer. */
export type JsonAction = (input: unknown, exchange: AwsExchange) => unknown;

export interface JsonServiceOptions {
  /** Its name in credential scopes and in policies, for example `secretsmanager`. */
  readonly name: string;
  readonly actions: Readonly<Record<string, JsonAction>>;
}

export function jsonService({ name, actions }: JsonServiceOptions): AwsService {
  return {
    names: [name],
    async handle(exchange) {
      const { action, input } = await readJsonCall(exchange);
      const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (!run) throw notServed(name, action, Object.keys(actions));
      answerJson(exchange.response, 200, (await run(input, exchange)) ?? {});
    },
    close: async () => undefined,
  };
}

/**
 * Creates an action that validates its input.
 *
 * @param schema - AWS's names; unknown fields are dropped
 */
export function jsonAction<Schema extends z.ZodMiniType>(
  schema: Schema,
  run: (input: z.infer<Schema>, exchange: AwsExchange) => unknown,
): JsonAction {
  return (input, exchange) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) {
      throw new AwsRefusal('ValidationException', `Not valid: ${issuesText(parsed.error.issues)}.`);
    }
    return run(parsed.data, exchange);
  };
}

/** Reads the action and its input. @throws AwsRefusal when the body is not JSON */
export async function readJsonCall({
  request,
}: AwsExchange): Promise<{ readonly action: string; readonly input: unknown }> {
  const target = String(request.headers['x-amz-target'] ?? '');
  const text = (await readBody(request)).toString('utf8');
  try {
    const input: unknown = text === '' ? {} : JSON.parse(text);
    return { action: target.slice(target.lastIndexOf('.') + 1), input };
  } catch {
    throw new AwsRefusal('SerializationException', 'The body is not JSON.');
  }
}

/** The error for an unsupported action. */
export function notServed(name: string, action: string, served: readonly string[]): AwsRefusal {
  const message = `The local run does not serve ${name}:${action}. Served here: ${served.join(', ')}.`;
  return new AwsRefusal('UnknownOperationException', message, 501);
}
