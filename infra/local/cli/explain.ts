/** Turns errors of the local run into messages for the user. */

import { printableLines } from '../../command-line/printable.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { SynthesisError } from './synthesise.ts';

/** Errors whose message is enough; a stack trace would hide it. */
const plain: ReadonlySet<string> = new Set([
  'UnsupportedTemplateError',
  'UnsupportedDefinitionError',
  'FirstScanError',
  'NotRunningError',
  'FolderError',
  'PortError',
]);

/** Returns the text to print for an error, without characters that a terminal would obey. */
export function explain(error: unknown): string {
  return printableLines(describe(error));
}

function describe(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof SynthesisError) return `the stack cannot be synthesised:\n${error.message}`;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `port ${error.port} is in use; choose another with --port, --aws-port or --virustotal-port (0: any free port)`;
  }
  return plain.has(error.name) ? error.message : (error.stack ?? error.message);
}
