/** Errors as AWS words them, in the protocol of the service (https://smithy.io/2.0/aws/protocols/index.html). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerCborError } from './cbor.ts';
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

/** How a service writes errors: `query` as IAM and SNS do, `xml` as S3 does. */
export type ErrorFormat = 'json' | 'xml' | 'query' | 'ec2' | 'cbor';

/** Answers an error. */
export function answerRefusal(
  response: ServerResponse,
  { code, message, status }: AwsRefusal,
  format: ErrorFormat,
): void {
  response.setHeader('x-amzn-errortype', code);
  if (format === 'json') {
    answerJson(response, status, { __type: code, message });
    return;
  }
  if (format === 'cbor') {
    answerCborError(response, status, { __type: code, message });
    return;
  }
  const content = [element('Code', code), element('Message', message)];
  const requestId = String(response.getHeader('x-amzn-requestid'));
  if (format === 'query') {
    const error = element('Error', element('Type', 'Sender'), ...content);
    answerXml(response, status, element('ErrorResponse', error, element('RequestId', requestId)));
  } else if (format === 'ec2') {
    const errors = element('Errors', element('Error', ...content));
    answerXml(response, status, element('Response', errors, element('RequestID', requestId)));
  } else {
    answerXml(response, status, element('Error', ...content));
  }
}

/** Services that speak REST with XML, besides S3. */
const XML_SERVICES = ['route53', 'cloudfront'];

/**
 * What the client of a request reads.
 *
 * @param service - its signing name; undefined if the request is not signed
 */
export function formatOf({ headers }: IncomingMessage, service: string | undefined): ErrorFormat {
  const type = headers['content-type'] ?? '';
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor';
  if (headers['x-amz-target'] !== undefined || /^application\/.*json/.test(type)) return 'json';
  if (service === 'ec2') return 'ec2';
  if (type.startsWith('application/x-www-form-urlencoded')) return 'query';
  if (service === undefined || service === 's3') return 'xml';
  return XML_SERVICES.includes(service) ? 'query' : 'json';
}
