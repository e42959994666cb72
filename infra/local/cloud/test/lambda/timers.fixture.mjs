/** A handler that waits a minute in every way; answers how long each took, milliseconds. */
import timers from 'node:timers';
import promises, {
  scheduler,
  setTimeout as sleep,
  setInterval as ticks,
} from 'node:timers/promises';
import { promisify } from 'node:util';

const MINUTE = 60_000;

const ways = {
  global: () => new Promise((resolve) => setTimeout(resolve, MINUTE)),
  interval: () =>
    new Promise((resolve) => {
      const timer = setInterval(() => resolve(clearInterval(timer)), MINUTE);
    }),
  module: () => new Promise((resolve) => timers.setTimeout(resolve, MINUTE)),
  named: () => sleep(MINUTE),
  default: () => promises.setTimeout(MINUTE),
  builtin: () => process.getBuiltinModule('node:timers/promises').setTimeout(MINUTE),
  promisified: () => promisify(setTimeout)(MINUTE),
  ticks: async () => {
    for await (const _ of ticks(MINUTE)) return;
  },
  scheduler: () => scheduler.wait(MINUTE),
};

export const handler = async () => {
  const measured = Object.entries(ways).map(async ([name, wait]) => {
    const startedAt = performance.now();
    await wait();
    return [name, performance.now() - startedAt];
  });
  return Object.fromEntries(await Promise.all(measured));
};
