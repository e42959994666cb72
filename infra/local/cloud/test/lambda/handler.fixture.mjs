/** A handler that its event controls. */
import { EventEmitter } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

if (process.env.FAIL_INIT)
  throw Object.assign(new Error('no configuration'), { name: 'BadEnvironment' });

/** Ends the process after its response, instead of asking for the next invocation. */
function endBetween() {
  const { request } = http;
  http.request = (options) => {
    if (!options.path.endsWith('/next')) return request(options);
    setTimeout(() => process.exit(7), 300);
    return Object.assign(new EventEmitter(), { end() {} });
  };
}

export const handler = async (event, context) => {
  if (event.ready) writeFileSync(event.ready, String(process.pid));
  if (event.sleepMs) await sleep(event.sleepMs);
  if (event.exit !== undefined) process.exit(event.exit);
  if (event.endBetween) endBetween();
  if (event.fill) for (const all = []; ; ) all.push(Array.from({ length: 1e6 }, Math.random));
  if (event.fail) throw Object.assign(new Error(event.fail), { name: 'NamedError' });
  if (event.length) return 'x'.repeat(event.length);
  if (event.log) console.log(event.log);
  return {
    event,
    pid: process.pid,
    now: Date.now(),
    dates: {
      iso: new Date().toISOString(),
      fixed: new Date(0).toISOString(),
      text: Date(),
      areDates: [new Date(), statSync('.').mtime].every((date) => date instanceof Date),
    },
    leftMs: context.getRemainingTimeInMillis(),
    context: { ...context },
    environment: { ...process.env },
  };
};
