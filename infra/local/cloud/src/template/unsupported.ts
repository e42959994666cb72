/** A template with something that the local run does not support; the message says what and where. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';
}
