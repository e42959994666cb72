/** Speeds up the clock and the timers of a process, before its bundle is loaded. */
import { syncBuiltinESMExports } from 'node:module';

/**
 * Minimum real time of an operation's timeout, milliseconds: waits become shorter, work does not. It is
 * below the minimum of a function (`workTimeout`), so that the function can still report the timeout.
 */
const MIN_ABORT_MS = 5000;

/**
 * Scales time. Timeouts of sockets stay in real time.
 *
 * @param setting - `{ speed, origin, skippedMs }` of the local run's clock (`infra/local/cloud/src/clock.ts`), or null
 * @returns the clock, which the local run may put forward between invocations
 */
export function scaleTime(setting) {
  const clock = { speed: 1, origin: 0, skippedMs: 0, ...setting };
  if (!setting || (setting.speed === 1 && setting.skippedMs === undefined)) return clock;
  scaleClock(clock);
  scaleTimers(clock);
  const abortAfter = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) =>
    abortAfter(Math.ceil(Math.max(ms / setting.speed, Math.min(ms, MIN_ABORT_MS))));
  syncBuiltinESMExports();
  return clock;
}

function scaleClock(clock) {
  const { speed, origin } = clock;
  const RealDate = Date;
  const now = () => Math.floor(origin + (RealDate.now() - origin) * speed + clock.skippedMs);
  // A proxy, so that dates made by Node itself are instances of it too.
  const ScaledDate = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  RealDate.prototype.constructor = ScaledDate;
  globalThis.Date = ScaledDate;
  const realNow = performance.now.bind(performance);
  performance.now = () => realNow() * speed + clock.skippedMs;
}

function scaleTimers({ speed }) {
  const timers = process.getBuiltinModule('node:timers');
  const promises = process.getBuiltinModule('node:timers/promises');
  for (const name of ['setTimeout', 'setInterval']) {
    const real = timers[name];
    const promised = promises[name];
    promises[name] = (ms = 1, ...args) => promised(ms / speed, ...args);
    timers[name] = Object.assign(
      (callback, ms = 0, ...args) => real(callback, ms / speed, ...args),
      { [Symbol.for('nodejs.util.promisify.custom')]: promises[name] },
    );
    globalThis[name] = timers[name];
  }
  promises.scheduler.wait = (ms, options) => promises.setTimeout(ms, undefined, options);
}
