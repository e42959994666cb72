/** A recorder for tests. */
import type { AwsCall, CallRecorder } from '../types.ts';

/** Keeps the recorded calls, oldest first. */
export class RecordedCalls implements CallRecorder {
  readonly calls: AwsCall[] = [];

  record(call: AwsCall): void {
    this.calls.push(call);
  }

  /** What was recorded since the last time, as `action resource... status`. */
  take(): string[] {
    return this.calls
      .splice(0)
      .map(({ action, resources, status }) => [action, ...resources, status ?? 'none'].join(' '));
  }
}
