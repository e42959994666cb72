/** Reads the log lines of the functions. */
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { callAws } from './call-aws.ts';
import type { CheckContext } from './context.ts';
import { fieldOf } from './field-of.ts';

/** CloudWatch shows a line some seconds after it was written, milliseconds. */
export const LOG_PATIENCE_MS = 90_000;
/** Clocks differ, and batches of lines have the time of their first one, milliseconds. */
const SKEW_MS = 5_000;
/** Pages read at most; more would be other callers' lines. */
const MAX_PAGES = 20;

/** Returns the log group of a function. @param name - its name or ARN */
export async function logGroupOf({ target }: CheckContext, name: string): Promise<string> {
  const { LoggingConfig } = await target.clients.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: name }),
  );
  return LoggingConfig?.LogGroup ?? `/aws/lambda/${name.split(':').at(-1)}`;
}

/** Returns the lines of a log group since this run began. */
export async function linesSince(
  { target }: CheckContext,
  logGroupName: string,
  since: number,
): Promise<string[]> {
  const lines: string[] = [];
  let nextToken: unknown;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await callAws(target, {
      service: 'logs',
      action: 'Logs_20140328.FilterLogEvents',
      input: {
        logGroupName,
        startTime: since - SKEW_MS,
        ...(nextToken !== undefined && { nextToken }),
      },
    });
    const events = fieldOf(answer, 'events');
    for (const event of Array.isArray(events) ? events : []) {
      lines.push(String(fieldOf(event, 'message')));
    }
    nextToken = fieldOf(answer, 'nextToken');
    if (nextToken === undefined) return lines;
  }
  return lines;
}
