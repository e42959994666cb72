/**
 * Warm: the whole of file_reputation but the network (event to input, schema, mapping, answer), against the parts of
 * which it cannot do without: `JSON.parse` of the same report alone; and that, the schemas' own parse, and
 * `JSON.stringify` of the report. In CPU time, so that what else the machine does is left out.
 */
import { ratioOf, type Summary, summarise } from './statistics.ts';
import { paddedReport } from './upstreams.ts';

// Log lines would be measured as well, and fill the terminal.
process.env.LOG_LEVEL = 'error';
const { operationHandler } = await import('../../shared/lambda/operation-handler.ts');
const { answerFileReputation } = await import('../../shared/operations/file-reputation/answer.ts');
const { fileReputation } = await import('../../shared/operations/file-reputation/operation.ts');
const { fileObject } = await import('../../shared/virustotal/answers/index.ts');

/** What was measured, microseconds of CPU time. */
export interface WarmResult {
  readonly name: string;
  readonly time: Summary;
  /** Against `JSON.parse`, of the same rounds. */
  readonly toParse: Summary;
  /** Against `JSON.parse`, schemas and `JSON.stringify`, of the same rounds. */
  readonly toParts: Summary;
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
  const calls = {
    'JSON.parse': () => JSON.parse(report),
    'JSON.parse, schemas, JSON.stringify': () => {
      const parsed = JSON.parse(report);
      fileObject.parse(parsed);
      return JSON.stringify(parsed);
    },
    'whole handler': () => handler(event, context),
  };
  const series = Object.entries(calls).map(([name, call]) => ({
    name,
    call,
    times: [] as number[],
  }));
  for (let round = -WARMING_ROUNDS; round < rounds; round += 1) {
    for (const { call, times } of series) {
      const time = await timed(call);
      if (round >= 0) times.push(time);
    }
    if (round >= 0) onRound(round);
  }
  const [parse, parts] = series.map(({ times }) => times);
  return series.map(({ name, times }) => ({
    name,
    time: summarise(times),
    toParse: ratioOf(times, parse ?? []),
    toParts: ratioOf(times, parts ?? []),
  }));
}

/** Microseconds of CPU time a call. */
async function timed(call: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < CALLS_PER_ROUND; n += 1) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS_PER_ROUND;
}
