/** Makes a process live faster: the clock and the timers of Node, before a bundle is loaded. */
import { syncBuiltinESMExports } from 'node:module';

/**
 * What a time-out of an operation leaves it at least, milliseconds of real time: waits are shortened,
 * but no work. Less than the whole function keeps (`workTimeout`), so that it can still say what was late.
 */
const LEAST_ABORT_MS = 5000;

/**
 * Scales time. Sockets keep their own time: what runs on this machine answers at once.
 *
 * @param setting - `{ speed, origin }` of the local run's clock (`infra/local/cloud/src/clock.ts`), or null
 */
export function scaleTime(setting) {
  if (!setting || setting.speed === 1) return;
  scaleClock(setting);
  scaleTimers(setting);
  const abortAfter = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) =>
    abortAfter(Math.ceil(Math.max(ms / setting.speed, Math.min(ms, LEAST_ABORT_MS))));
  syncBuiltinESMExports();
}

function scaleClock({ speed, origin }) {
  const RealDate = Date;
  const now = () => Math.floor(origin + (RealDate.now() - origin) * speed);
  // A proxy, since dates that Node itself makes are to be instances of it too.
  const ScaledDate = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  RealDate.prototype.constructor = ScaledDate;
  globalThis.Date = ScaledDate;
  const realNow = performance.now.bind(performance);
  performance.now = () => realNow() * speed;
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
