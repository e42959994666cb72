/** The middlewares of the adapters: errors are translated, logged once, and answered over HTTP. */
import type { Request } from '@middy/core';
import { takeCounts } from '../counts.ts';
import { UpstreamTimeoutError } from '../errors.ts';
import { logger } from '../logger.ts';
import { type HttpEvent, requestIdOf } from './http-event.ts';
import { errorResponse, type HttpResponse } from './http-response.ts';
import { translateError } from './translate-error.ts';

/** Turns whatever was thrown into a named error. */
export function translateErrors() {
  return {
    onError: (request: Request) => {
      request.error = translateError(request.error, request.context.awsRequestId);
    },
  };
}

/** Responds to a translated error in the one envelope. */
export function respondToErrors() {
  return {
    onError: (request: Request<HttpEvent, HttpResponse>) => {
      const requestId = requestIdOf(request.event) ?? request.context.awsRequestId;
      const error = translateError(request.error, request.context.awsRequestId);
      request.response = errorResponse(error, requestId);
    },
  };
}

/**
 * Logs the result of each invocation once: operation, way of calling, duration, and the error with its cause.
 *
 * @param operation - name in the log line
 * @param way - how the function was called
 */
export function logResult(operation: string, way: 'http' | 'direct' | 'event') {
  const fieldsOf = ({ context, internal }: TimedRequest) => ({
    operation,
    way,
    requestId: context.awsRequestId,
    durationMs: uptimeMs() - (internal.startedAt ?? uptimeMs()),
    ...countsOfInvocation(),
  });
  return {
    before: (request: TimedRequest) => {
      request.internal.startedAt = uptimeMs();
    },
    after: (request: TimedRequest) => {
      logger.info('operation finished', fieldsOf(request));
    },
    onError: (request: TimedRequest) => {
      const error = translateError(request.error, request.context.awsRequestId);
      const level = error.name === 'InternalError' ? 'error' : 'warn';
      logger[level]('operation failed', { ...fieldsOf(request), error });
    },
  };
}

/** Ends an invocation with a named error shortly before Lambda would end it without one. */
export function throwTimeout(): never {
  throw new UpstreamTimeoutError('no answer within the time that is left to this invocation');
}

/** What was counted while the invocation ran. */
function countsOfInvocation() {
  const counts = takeCounts();
  return Object.keys(counts).length > 0 ? { counts } : {};
}

/** Milliseconds of a monotonic clock; `performance` would load another module of Node.js. */
function uptimeMs(): number {
  return Math.round(process.uptime() * 1000);
}

type TimedRequest = Pick<Request, 'context' | 'error'> & { internal: { startedAt?: number } };
