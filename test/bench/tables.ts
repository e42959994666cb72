/** The results as tables. */
import Table from 'cli-table3';
import type { BenchResults } from './measure.ts';
import { inWords } from './statistics.ts';

const KIB = 1024;
const MIB = KIB * KIB;

/** Prints what was measured; each figure is a median with its quartiles. */
export function printTables({
  machine,
  bytes,
  cold,
  warm,
  streaming,
  concurrency,
}: BenchResults): void {
  console.log(
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB; ${machine.system}; Node.js ${machine.node}; ${machine.date}`,
  );
  console.log('median (first to third quartile)\n');
  if (bytes) {
    print(
      ['bundle', 'KiB'],
      bytes.map((bundle) => [bundle.name, (bundle.bytes / KIB).toFixed(1)]),
    );
  }
  if (cold) {
    print(
      ['cold start', 'ms', 'x empty handler', 'x usual build'],
      cold.map((row) => [
        row.name,
        inWords(row.time, 1),
        inWords(row.toEmpty),
        inWords(row.toUsual),
      ]),
    );
  }
  if (warm) {
    print(
      ['warm, network left out', 'CPU us', 'x JSON.parse', 'x parse, schemas, stringify'],
      warm.map((row) => [
        row.name,
        inWords(row.time, 1),
        inWords(row.toParse),
        inWords(row.toParts),
      ]),
    );
  }
  if (streaming) {
    print(
      ['streaming', 'MiB', 'MiB/s', 'x raw pipe', 'peak MiB', 'CPU s', 'x pipe and digests'],
      streaming.map((row) => [
        row.name,
        String(row.bytes / MIB),
        inWords(row.throughput, 0),
        inWords(row.toPipe),
        inWords(row.peak, 0),
        inWords(row.cpu),
        inWords(row.toParts),
      ]),
    );
  }
  if (concurrency) {
    print(
      ['100 calls at once', 'requests/s', 'p50 ms', 'p95 ms', 'p99 ms'],
      concurrency.map((row) => [
        row.name,
        row.perSecond.toFixed(0),
        row.p50.toFixed(0),
        row.p95.toFixed(0),
        row.p99.toFixed(0),
      ]),
    );
  }
}

function print(head: string[], rows: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  console.log(`${table.toString()}\n`);
}
