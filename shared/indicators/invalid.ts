/** Thrown by the parsers of indicators; the message says what is wrong, without quoting the input. */
export class InvalidIndicator extends Error {
  override readonly name = 'InvalidIndicator';
}
