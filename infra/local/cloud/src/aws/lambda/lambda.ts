/** Lambda's API for the functions of the local run. */
import { isLoopRefusal } from '../../lambda/lineage.ts';
import type { Invoker, LocalFunction } from '../../types.ts';
import { UnknownFunctionError } from '../../types.ts';
import { answerJson } from '../http/json.ts';
import { AwsRefusal } from '../http/refusal.ts';
import type { AwsExchange, AwsService } from '../http/service.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import { findFunction, functionNotFound } from './function-directory.ts';
import { answerResult, invocationTypeOf, readPayload } from './invocation.ts';

/** Options of the API. */
export interface LambdaApiOptions {
  readonly functions: readonly LocalFunction[];
  readonly invoker: Invoker;
  /** Runs invocations of type Event; the caller closes it. */
  readonly asyncInvocations: AsyncInvocations;
}

/** Creates the API: Invoke, GetFunction, GetFunctionConfiguration and ListFunctions. */
export function createLambdaApi(options: LambdaApiOptions): AwsService {
  return {
    names: ['lambda'],
    handle(exchange) {
      exchange.response.setHeader('content-type', 'application/json');
      return route(options, exchange);
    },
    close: async () => undefined,
  };
}

const PATH = /^\/2015-03-31\/functions\/?(?:([^/]+)(\/invocations|\/configuration)?)?$/;

async function route(options: LambdaApiOptions, exchange: AwsExchange): Promise<void> {
  const { method, url = '' } = exchange.request;
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [path, encodedId, part] = PATH.exec(pathname) ?? [];
  const id = encodedId === undefined ? undefined : decoded(encodedId);
  if (path !== undefined && id !== undefined && part === '/invocations' && method === 'POST') {
    return invoke(options, exchange, id, searchParams.get('Qualifier'));
  }
  if (path !== undefined && part !== '/invocations' && method === 'GET') {
    return id === undefined ? list(options, exchange) : get(options, exchange, id, part);
  }
  const message = `The local Lambda serves Invoke, GetFunction, GetFunctionConfiguration and ListFunctions, not ${method} ${pathname}.`;
  throw new AwsRefusal('UnknownOperationException', message, 501);
}

async function invoke(
  { functions, invoker, asyncInvocations }: LambdaApiOptions,
  { request, response, note }: AwsExchange,
  id: string,
  qualifier: string | null,
): Promise<void> {
  const { arn, found } = findFunction(functions, id, qualifier);
  note('lambda:InvokeFunction', [arn]);
  if (!found) throw functionNotFound(arn);
  const type = invocationTypeOf(request);
  const payload = await readPayload(request, type);
  const traceHeader = request.headers['x-amzn-trace-id']?.toString();
  if (type === 'RequestResponse') {
    const result = await invoker.invoke(found.name, payload, [traceHeader]).catch(notFoundFor(arn));
    if (isLoopRefusal(result) && result.status === 'failed') {
      throw new AwsRefusal('RecursiveInvocationException', result.error.errorMessage);
    }
    answerResult(response, result);
    return;
  }
  if (type === 'Event') asyncInvocations.start(found.name, payload, traceHeader);
  response.writeHead(type === 'Event' ? 202 : 204).end();
}

/** A badly encoded name stays as it is: no function has it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function notFoundFor(arn: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof UnknownFunctionError ? functionNotFound(arn) : error;
  };
}

function get(
  { functions }: LambdaApiOptions,
  { response, note }: AwsExchange,
  id: string,
  part: string | undefined,
) {
  const { arn, found } = findFunction(functions, id, null);
  const isWhole = part === undefined;
  note(isWhole ? 'lambda:GetFunction' : 'lambda:GetFunctionConfiguration', [arn]);
  if (!found) throw functionNotFound(arn);
  const configuration = configurationOf(found);
  answerJson(response, 200, isWhole ? { Configuration: configuration, Code: {} } : configuration);
}

function list({ functions }: LambdaApiOptions, { response, note }: AwsExchange) {
  note('lambda:ListFunctions', ['*']);
  answerJson(response, 200, { Functions: functions.map(configurationOf) });
}

/** Without the environment, which no caller here needs. */
function configurationOf(fn: LocalFunction) {
  const { name, arn, runtime, handler, timeoutMs, memoryMiB, logGroup } = fn;
  return {
    FunctionName: name,
    FunctionArn: arn,
    Runtime: runtime,
    Handler: handler,
    Timeout: timeoutMs / 1000,
    MemorySize: memoryMiB,
    LoggingConfig: { LogGroup: logGroup ?? `/aws/lambda/${name}` },
    Version: '$LATEST',
    State: 'Active',
  };
}
