/** A pattern that EventBridge refuses or the local run does not support. */
export class EventPatternError extends Error {
  override readonly name = 'EventPatternError';

  /**
   * @param path - where in the pattern, for example `detail.object.key`
   * @param message - what is wrong
   */
  constructor(path: string, message: string) {
    super(`Event pattern is not valid at ${path || 'its root'}: ${message}`);
  }
}
