/** What the local run refuses of a template. */

/** A template that the local run cannot run; the message names the resource and what it has. */
export class UnsupportedTemplateError extends Error {
  override readonly name = 'UnsupportedTemplateError';
}
