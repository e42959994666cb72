/** A pattern that EventBridge refuses, or one that the local run cannot match. */
export class EventPatternError extends Error {
  override readonly name = 'EventPatternError';

  /**
   * @param path - where in the pattern, for example `detail.object.key`
   * @param message - what is wrong there
   */
  constructor(path: string, message: string) {
    super(`Event pattern is not valid at ${path || 'its root'}: ${message}`);
  }
}
