/** The middlewares of the stacks: errors are translated, logged once, and answered over HTTP. */
import type { Request } from '@middy/core';
import { UpstreamTimeoutError } from '../errors.ts';
import { logger } from '../logger.ts';
import { errorAnswer, type HttpAnswer } from './http-answer.ts';
import { type HttpEvent, requestIdOf } from './http-event.ts';
import { translateError } from './translate-error.ts';

/** Turns whatever was thrown into a named error. */
export function translateErrors() {
  return {
    onError: (request: Request) => {
      request.error = translateError(request.error, request.context.awsRequestId);
    },
  };
}

/** Answers a translated error in the one envelope. */
export function answerErrors() {
  return {
    onError: (request: Request<HttpEvent, HttpAnswer>) => {
      const requestId = requestIdOf(request.event) ?? request.context.awsRequestId;
      const error = translateError(request.error, request.context.awsRequestId);
      request.response = errorAnswer(error, requestId);
    },
  };
}

/**
 * Logs how each invocation ended, once: operation, way of calling, duration, and the error with its cause.
 *
 * @param operation - name that the line carries
 * @param way - how the function was called
 */
export function logOutcome(operation: string, way: 'http' | 'direct' | 'event') {
  const line = ({ context, internal }: Timed) => ({
    operation,
    way,
    requestId: context.awsRequestId,
    durationMs: uptimeMs() - (internal.startedAt ?? uptimeMs()),
  });
  return {
    before: (request: Timed) => {
      request.internal.startedAt = uptimeMs();
    },
    after: (request: Timed) => {
      logger.info('operation finished', line(request));
    },
    onError: (request: Timed) => {
      const error = translateError(request.error, request.context.awsRequestId);
      const level = error.name === 'InternalError' ? 'error' : 'warn';
      logger[level]('operation failed', { ...line(request), error });
    },
  };
}

/** Middy's early time-out: answers what Lambda would otherwise end without a word. */
export function throwTimeout(): never {
  throw new UpstreamTimeoutError('no answer within the time that is left to this invocation');
}

/** Milliseconds of a clock that never jumps; `performance` would load a module of Node's for it. */
function uptimeMs(): number {
  return Math.round(process.uptime() * 1000);
}

type Timed = Pick<Request, 'context' | 'error'> & { internal: { startedAt?: number } };
