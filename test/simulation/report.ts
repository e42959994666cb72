/** The report on the simulation: a table for each load, and a chart. */
import { type JudgedLoad, judgedLoads } from './judged-loads.ts';
import { meanOf, type Result } from './result.ts';
import { simulate } from './simulate.ts';

/** A policy's figures for a load: means over the seeds, sums of refusals. */
export interface Row {
  readonly title: string;
  readonly result: Result;
}

/** Runs every load with every policy; tells what it does. */
export function runAll(onRow: (row: Row) => void): Row[] {
  return judgedLoads.flatMap((judged) =>
    judged.policies.map((policy) => {
      const seeds = Array.from({ length: judged.seeds }, (_, index) => index + 1);
      const results = seeds.map((seed) =>
        simulate({
          policy,
          load: judged.load(seed),
          budgets: judged.budgets,
          seed: seed * 31,
          ...(judged.othersPerDay && { othersPerDay: judged.othersPerDay }),
        }),
      );
      const row = { title: judged.title, result: meanResult(results) };
      onRow(row);
      return row;
    }),
  );
}

function meanResult(results: readonly Result[]): Result {
  const [first] = results;
  if (!first) throw new Error('no seed');
  const mean = (of: (result: Result) => number) => meanOf(results.map(of));
  const most = (of: (result: Result) => number) => Math.max(...results.map(of));
  return {
    policy: first.policy,
    refused: results.reduce((sum, { refused }) => sum + refused, 0),
    uploads: mean(({ uploads }) => uploads),
    lost: mean(({ lost }) => lost),
    lookups: mean(({ lookups }) => lookups),
    days: mean(({ days }) => days),
    lookupWait: {
      p50: mean(({ lookupWait }) => lookupWait.p50),
      p90: mean(({ lookupWait }) => lookupWait.p90),
      p99: mean(({ lookupWait }) => lookupWait.p99),
    },
    waits: {
      mean: mean(({ waits }) => waits.mean),
      p99: mean(({ waits }) => waits.p99),
      most: most(({ waits }) => waits.most),
    },
    mostWaiting: most(({ mostWaiting }) => mostWaiting),
    inVain: mean(({ inVain }) => inVain),
    writes: mean(({ writes }) => writes),
    freshWait: {
      p50: mean(({ freshWait }) => freshWait.p50),
      most: most(({ freshWait }) => freshWait.most),
    },
    uploadDays: first.uploadDays,
  };
}

const columns = [
  ...['policy', 'refused by VirusTotal', 'uploads done', 'last one after'],
  ...['interactive p50', 'p90', 'p99', 'waits an upload, p99', 'most waiting'],
];

/** Returns the report as Markdown. */
export function toMarkdown(rows: readonly Row[]): string {
  return judgedLoads.map((judged) => section(judged, rows)).join('\n');
}

function section({ title }: JudgedLoad, rows: readonly Row[]): string {
  const lines = rows.filter((row) => row.title === title).map(({ result }) => line(result));
  const head = `| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}`;
  return `### ${title}\n\n${head}\n${lines.join('\n')}\n`;
}

function line(result: Result): string {
  const { policy, refused, uploads, lost, lookupWait, waits, mostWaiting } = result;
  const done = `${whole(uploads)}${lost > 0 ? ` (${whole(lost)} gone)` : ''}`;
  const hasLookups = result.lookups > 0;
  const cells = [
    ...[policy, whole(refused), done, duration(result.days * 86_400)],
    ...[lookupWait.p50, lookupWait.p90, lookupWait.p99].map((seconds) =>
      hasLookups ? duration(seconds) : '',
    ),
    policy === 'same share' ? '' : `${waits.mean.toFixed(1)}, ${waits.p99.toFixed(0)}`,
    whole(mostWaiting),
  ];
  return `| ${cells.join(' | ')} |`;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Writes seconds in the unit that people would use. */
export function duration(seconds: number): string {
  if (seconds < 600) return `${seconds.toFixed(1)} s`;
  if (seconds < 7_200) return `${(seconds / 60).toFixed(1)} min`;
  return seconds < 86_400
    ? `${(seconds / 3_600).toFixed(1)} h`
    : `${(seconds / 86_400).toFixed(2)} d`;
}
