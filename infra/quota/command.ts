/** The command `npm run quota`, apart from finding the local run. */

import { type QuotaOutput, quotaOutput } from '../../shared/operations/quota/output.ts';
import { createInterrupt } from '../command-line/interrupt.ts';
import { printableJson, printableLines } from '../command-line/printable.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { type ApiAnswer, callApi, errorOf } from '../verify/call-api.ts';
import { CheckFailure, NotChecked } from '../verify/outcomes.ts';
import { destroyClients, type LocalRun, openTarget } from '../verify/stack-of-account.ts';
import { formatQuota } from './format.ts';
import { parseQuotaOptions, quotaHelp } from './options.ts';

/** Finds the local run. @throws NotRunningError */
export type FindLocalRun = (port: number | undefined) => Promise<LocalRun>;

/** The name of the stack in a local run. */
const LOCAL_STACK = 'VirusTotalConnector';

/** Where the command prints. */
export interface Printer {
  out(text: string): void;
  error(text: string): void;
}

/**
 * Runs the command.
 *
 * @returns the exit code
 */
export async function quotaCommand(
  args: readonly string[],
  findLocalRun: FindLocalRun,
  printer: Printer = { out: console.log, error: console.error },
  interrupt: AbortController = createInterrupt(),
): Promise<number> {
  const { signal } = interrupt;
  try {
    const options = parseQuotaOptions(args);
    if (options === 'help') {
      printer.out(quotaHelp);
      return 0;
    }
    const { deployed, port, isJson } = options;
    const quota = deployed
      ? await readQuota({ ...deployed, signal })
      : await readQuota({ stack: LOCAL_STACK, local: await findLocalRun(port), signal });
    printer.out(isJson ? printableJson(quota) : formatQuota(quota));
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    printer.error(printableLines(explain(error)));
    return error instanceof UsageError ? 2 : 1;
  }
}

async function readQuota({
  signal,
  ...account
}: Parameters<typeof openTarget>[0] & { readonly signal: AbortSignal }): Promise<QuotaOutput> {
  const target = await openTarget(account);
  try {
    return outputOf(await callApi({ target, signal }, { path: '/quota' }));
  } finally {
    destroyClients(target.clients);
  }
}

function outputOf(answer: ApiAnswer): QuotaOutput {
  const parsed = quotaOutput.safeParse(answer.body);
  if (answer.status === 200 && parsed.success) return parsed.data;
  const error = errorOf(answer);
  if (answer.status === 403) {
    throw new CheckFailure(
      `GET /quota: got 403 ${error?.name ?? ''}; you need execute-api:Invoke for the API, and the stack a release that has the route`,
    );
  }
  const got = error ? `${error.name}: ${error.message}` : answer.text.slice(0, 200);
  throw new CheckFailure(`GET /quota: got ${answer.status} ${got}`);
}

/** Errors whose message is enough. */
const plain: ReadonlySet<string> = new Set(['NotRunningError', 'UsageError']);

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UsageError) return `${error.message}\n\n${quotaHelp}`;
  const isPlain =
    plain.has(error.name) || error instanceof CheckFailure || error instanceof NotChecked;
  return isPlain ? error.message : `${error.name}: ${error.message}`;
}
