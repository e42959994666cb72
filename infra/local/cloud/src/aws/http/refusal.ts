/** Errors as AWS words them: JSON for services that are called by `x-amz-target`, XML for S3. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson } from './json.ts';
import { answerXml, element } from './xml.ts';

/** An error that AWS would answer. */
export class AwsRefusal extends Error {
  override readonly name = 'AwsRefusal';
  /** For example `ResourceNotFoundException`. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** How a service writes errors. */
export type ErrorFormat = 'json' | 'xml';

/** Answers an error. */
export function answerRefusal(
  response: ServerResponse,
  { code, message, status }: AwsRefusal,
  format: ErrorFormat,
): void {
  if (format === 'json') {
    response.setHeader('x-amzn-errortype', code);
    answerJson(response, status, { __type: code, message });
    return;
  }
  const error = element('Error', element('Code', code), element('Message', message));
  answerXml(response, status, error);
}

/** What the client of a service that is not known most likely reads. */
export function guessedFormat({ headers }: IncomingMessage): ErrorFormat {
  const isJson =
    headers['x-amz-target'] !== undefined ||
    /^application\/.*json/.test(headers['content-type'] ?? '');
  return isJson ? 'json' : 'xml';
}
