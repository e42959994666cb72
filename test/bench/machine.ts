/** On what a run was measured. */
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** The machine, in words: figures of different machines do not compare, ratios nearly do. */
export function machine() {
  return {
    node: process.version,
    system: `${type()} ${release()} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    date: new Date().toISOString().slice(0, 10),
  };
}
