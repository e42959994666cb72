/** Vitest setup: fails a test file that leaves something to the next one, with which it shares a process. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, expect, vi } from 'vitest';

const environment = { ...process.env };
const before = shared();

afterAll(async () => {
  // Vitest does so between files.
  vi.restoreAllMocks();
  // Closed servers and ended processes are gone some turns later.
  for (let turns = 0; turns < 100 && before.handles < shared().handles; turns++) await turn();
  expect(shared(), 'left behind').toEqual(before);
});

/** What all files of a process share. */
function shared() {
  const names = new Set([...Object.keys(environment), ...Object.keys(process.env)]);
  // Libraries listen to `exit` from when they are loaded.
  const events = process.eventNames().filter((name) => name !== 'exit');
  return {
    /** Names only: their values may be secret. */
    changedVariables: [...names].filter((name) => environment[name] !== process.env[name]),
    directory: process.cwd(),
    functions: [fetch, Date, setTimeout, setInterval, performance.now, Math.random, process.exit],
    listeners: Object.fromEntries(
      events.map((name) => [String(name), process.listenerCount(name)]),
    ),
    /** Servers and child processes. */
    handles: process
      .getActiveResourcesInfo()
      .filter((name) => /^(?:TCPServer|Process)Wrap$/.test(name)).length,
  };
}
