/** Notices when the local run has to stop. */

/** How often the parent process is looked up, milliseconds. */
const PARENT_POLL_MS = 2000;
/** npm forwards Ctrl-C, which the terminal has sent already: that is one signal, not two. Milliseconds. */
const SAME_SIGNAL_MS = 1000;

/**
 * Returns a signal that aborts on SIGINT, SIGTERM or SIGHUP, and, under npm, when npm has ended without
 * forwarding the signal that ended it. A second signal ends the process at once.
 */
export function createStopSignal(): AbortSignal {
  const controller = new AbortController();
  let stoppedAt = Number.POSITIVE_INFINITY;
  const stop = () => {
    if (performance.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(1);
    stoppedAt = Math.min(stoppedAt, performance.now());
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // The terminal may be gone before the process; every write to it fails then.
  process.stdout.on('error', () => controller.abort());
  if (process.env.npm_lifecycle_event !== undefined) abortWithParent(controller);
  return controller.signal;
}

function abortWithParent(controller: AbortController): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    controller.abort();
  }, PARENT_POLL_MS);
  timer.unref();
}
