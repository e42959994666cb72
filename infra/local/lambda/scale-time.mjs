/** Makes a process live faster: the clock and the timers of Node, before a bundle is loaded. */
import { syncBuiltinESMExports } from 'node:module';

/**
 * Scales time. Sockets keep their own time: what runs on this machine answers at once.
 *
 * @param setting - `{ speed, origin }` of the local run's clock (`infra/local/clock.ts`), or null
 */
export function scaleTime(setting) {
  if (!setting || setting.speed === 1) return;
  const { speed, origin } = setting;
  const RealDate = Date;
  const now = () => Math.floor(origin + (RealDate.now() - origin) * speed);
  globalThis.Date = class ScaledDate extends RealDate {
    constructor(...args) {
      super(...(args.length === 0 ? [now()] : args));
    }
    static now() {
      return now();
    }
  };
  const realNow = performance.now.bind(performance);
  performance.now = () => realNow() * speed;
  const scaled =
    (set) =>
    (callback, ms = 0, ...args) =>
      set(callback, ms / speed, ...args);
  const timers = process.getBuiltinModule('node:timers');
  const promises = process.getBuiltinModule('node:timers/promises');
  for (const name of ['setTimeout', 'setInterval']) {
    const promisified = promises[name];
    const faster = Object.assign(scaled(timers[name]), {
      [Symbol.for('nodejs.util.promisify.custom')]: (ms, ...args) =>
        promisified(ms / speed, ...args),
    });
    globalThis[name] = faster;
    timers[name] = faster;
    promises[name] = (ms = 1, ...args) => promisified(ms / speed, ...args);
  }
  const realTimeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => realTimeout(Math.ceil(ms / speed));
  syncBuiltinESMExports();
}
