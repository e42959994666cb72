/** A handler that does what its event says. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

if (process.env.FAIL_INIT)
  throw Object.assign(new Error('no configuration'), { name: 'BadEnvironment' });

export const handler = async (event, context) => {
  if (event.ready) writeFileSync(event.ready, String(process.pid));
  if (event.sleepMs) await sleep(event.sleepMs);
  if (event.exit !== undefined) process.exit(event.exit);
  if (event.fill) for (const all = []; ; ) all.push(Array.from({ length: 1e6 }, Math.random));
  if (event.fail) throw Object.assign(new Error(event.fail), { name: 'NamedError' });
  if (event.length) return 'x'.repeat(event.length);
  if (event.log) console.log(event.log);
  return {
    event,
    pid: process.pid,
    now: Date.now(),
    leftMs: context.getRemainingTimeInMillis(),
    context: { ...context },
    environment: { ...process.env },
  };
};
