/** What an error of the local run means to whoever started it. */

import { UsageError } from './options.ts';
import { SynthesisError } from './synthesise.ts';

/** Errors that say all there is to say: a stack trace would hide it. */
const plain: ReadonlySet<string> = new Set([
  'UnsupportedTemplateError',
  'UnsupportedDefinitionError',
  'FirstScanError',
  'NotRunningError',
]);

/** The error in words. */
export function explain(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof SynthesisError) return `the stack cannot be synthesised:\n${error.message}`;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `port ${error.port} is taken; choose others with --port and --aws-port (0: any free one)`;
  }
  return plain.has(error.name) ? error.message : (error.stack ?? error.message);
}
