/**
 * Removes the objects of a run whose process was killed, as its own process: it outlives the run, gets no Ctrl-C of the
 * terminal, and sees the end of its input when the run has died.
 */
import { createInterface } from 'node:readline';
import { type Place, removePlaces } from './remove-objects.ts';
import { type AccountOptions, createS3 } from './stack-of-account.ts';

/** A line of the input: first how to reach the account, then places, and finally `ended`. */
export type WatchdogLine =
  | { readonly account: Omit<AccountOptions, 'stack'> }
  | { readonly place: Place }
  | { readonly ended: true };

/** Pauses before the removals, milliseconds: uploads and reports of a scan may still arrive. */
const PASSES_MS = [0, 2_000, 10_000, 30_000];

const places: Place[] = [];
let account: Omit<AccountOptions, 'stack'> = {};
for await (const text of createInterface(process.stdin)) {
  const line: WatchdogLine = JSON.parse(text);
  if ('ended' in line) process.exit(0);
  if ('account' in line) account = line.account;
  else places.push(line.place);
  process.stdout.write('noted\n');
}
// What cannot be removed now is removed by a later run.
await removePlaces(createS3(account), places, PASSES_MS);
