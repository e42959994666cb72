/** Lambda's context, as a function sees it. */
import type { Context } from 'aws-lambda';

/**
 * The context of one invocation.
 *
 * @param leftMs - time that Lambda leaves from now on, milliseconds
 */
export function lambdaContext(leftMs = 30_000, awsRequestId = 'request-of-lambda'): Context {
  const endsAt = Date.now() + leftMs;
  return {
    awsRequestId,
    functionName: 'function',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:function',
    memoryLimitInMB: '256',
    logGroupName: 'group',
    logStreamName: 'stream',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => endsAt - Date.now(),
    done() {},
    fail() {},
    succeed() {},
  };
}
