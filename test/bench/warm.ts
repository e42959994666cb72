/**
 * Warm: the whole of file_reputation but the network (event to input, schema, mapping, answer), against
 * `JSON.parse` of the same report alone.
 */
import { ratioOf, type Summary, summarise } from './statistics.ts';
import { paddedReport } from './upstreams.ts';

// Log lines would be measured as well, and fill the terminal.
process.env.LOG_LEVEL = 'error';
const { operationHandler } = await import('../../shared/lambda/operation-handler.ts');
const { answerFileReputation } = await import('../../shared/operations/file-reputation/answer.ts');
const { fileReputation } = await import('../../shared/operations/file-reputation/operation.ts');
const { fileObject } = await import('../../shared/virustotal/answers/index.ts');

/** What was measured, microseconds. */
export interface WarmResult {
  readonly name: string;
  readonly time: Summary;
  /** Against `JSON.parse`, of the same rounds. */
  readonly toParse: Summary;
}

const CALLS_PER_ROUND = 100;
/** A thousand calls, after which the compiler has little left to do. */
const WARMING_ROUNDS = 10;
const HASH = '44d88612fea8a8f36de82e1278abb02f';

const event = {
  httpMethod: 'GET',
  path: `/files/${HASH}`,
  resource: '/files/{resource}',
  headers: {},
  multiValueHeaders: {},
  pathParameters: { resource: HASH },
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  body: null,
  isBase64Encoded: false,
  requestContext: { requestId: 'bench' },
};

const context = {
  awsRequestId: 'bench',
  callbackWaitsForEmptyEventLoop: true,
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:bench',
  memoryLimitInMB: '256',
  logGroupName: 'bench',
  logStreamName: 'bench',
  getRemainingTimeInMillis: () => 30_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

/**
 * Measures both in turns.
 *
 * @param rounds - of 100 calls each
 * @param onRound - called after each round
 */
export async function warm(
  rounds: number,
  onRound: (round: number) => void,
): Promise<WarmResult[]> {
  const report = await paddedReport();
  const virusTotal = {
    file: async () => ({ status: 'found', object: fileObject.parse(JSON.parse(report)) }) as const,
    analysis: async () => ({ status: 'unknown' }) as const,
  };
  const services = { virusTotal, defaultPolicy: 'balanced' } as const;
  const handler = operationHandler(fileReputation, (request, limits) =>
    answerFileReputation(services, request, limits),
  );
  const parse: number[] = [];
  const whole: number[] = [];
  for (let round = -WARMING_ROUNDS; round < rounds; round += 1) {
    const parseTime = await timed(() => JSON.parse(report));
    const wholeTime = await timed(() => handler(event, context));
    if (round < 0) continue;
    parse.push(parseTime);
    whole.push(wholeTime);
    onRound(round);
  }
  return [
    { name: 'JSON.parse', time: summarise(parse), toParse: ratioOf(parse, parse) },
    { name: 'whole handler', time: summarise(whole), toParse: ratioOf(whole, parse) },
  ];
}

/** Microseconds a call. */
async function timed(call: () => unknown): Promise<number> {
  const startedAt = performance.now();
  for (let n = 0; n < CALLS_PER_ROUND; n += 1) await call();
  return ((performance.now() - startedAt) * 1000) / CALLS_PER_ROUND;
}
