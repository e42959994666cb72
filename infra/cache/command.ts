/** The command `npm run cache`, apart from the local run. */
import { printableLines } from '../command-line/printable.ts';
import { UsageError } from '../command-line/usage-error.ts';
import {
  destroyClients,
  type LocalRun,
  openTarget,
  resourceOf,
} from '../verify/stack-of-account.ts';
import { formatItems } from './format.ts';
import {
  answerOf,
  clearAnswers,
  type DeployedTable,
  findItems,
  type KeptItem,
} from './kept-answers.ts';
import { type CacheOptions, cacheHelp, parseCacheOptions } from './options.ts';
import { questionsAbout, questionsAboutDigests } from './questions-about.ts';

/** Of a table that goes to a file or a pipe, characters. */
const PIPED_WIDTH = 120;

/**
 * Runs the command.
 *
 * @param findLocalRun - finds the local run that serves
 * @returns the exit code
 */
export async function cacheCommand(
  args: readonly string[],
  findLocalRun: (port: number | undefined) => Promise<LocalRun>,
): Promise<number> {
  try {
    const options = parseCacheOptions(args);
    if (options === 'help') console.log(cacheHelp);
    else await run(options, findLocalRun);
    return 0;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const isUsage = error instanceof UsageError;
    console.error(printableLines(isUsage ? `${text}\n\n${cacheHelp}` : text));
    return isUsage ? 2 : 1;
  }
}

async function run(
  options: CacheOptions,
  findLocalRun: (port: number | undefined) => Promise<LocalRun>,
): Promise<void> {
  // A mistyped indicator is refused before anything is called.
  const questions = questionsAbout(options.indicator);
  const local = options.local ? await findLocalRun(options.port) : undefined;
  const target = await openTarget({ ...options, local });
  try {
    const { physicalId: tableName } = resourceOf(target, 'AWS::DynamoDB::Table');
    const table = { client: target.clients.dynamoDb, tableName };
    const items = await find(table, questions, options.action);
    const isClear = options.action === 'clear';
    const chosen = isClear ? items.filter(({ entry }) => entry.answer ?? entry.lease) : items;
    if (isClear) await clearAnswers(table, chosen);
    report(chosen, options);
  } finally {
    destroyClients(target.clients);
  }
}

/** Finds the items; for a file, under each of its digests that a report names. */
async function find(
  table: DeployedTable,
  questions: Parameters<typeof findItems>[1],
  action: CacheOptions['action'],
): Promise<KeptItem[]> {
  const known = await findItems(table, questions, false);
  const digests = known.flatMap((item) => questionsAboutDigests(answerOf(item)));
  const all = [...questions, ...digests];
  const isComplete = action === 'show' && known.length > 0;
  return findItems(table, all, !isComplete);
}

function report(items: readonly KeptItem[], { action, json, indicator }: CacheOptions): void {
  const width = process.stdout.columns ?? PIPED_WIDTH;
  if (items.length === 0 && !json)
    console.log(printableLines(`nothing is kept about ${indicator}`));
  else console.log(formatItems(items, { json, width, now: Date.now() }));
  if (action === 'clear' && items.length > 0) {
    console.error(`cleared ${items.length} ${items.length === 1 ? 'item' : 'items'}`);
  }
}
