/** Thrown by the parsers of indicators. The message says what is wrong, and does not quote the input. */
export class InvalidIndicator extends Error {
  override readonly name = 'InvalidIndicator';
}
