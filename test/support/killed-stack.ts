/** A stack whose functions are killed (SIGKILL) in the midst of what they do; all that AWS would keep stays. */
import type { VerdictEvent } from '../../shared/uploads/record/verdict-event.ts';
import { verdictEvent } from '../../shared/uploads/record/verdict-event.ts';
import { startPretendedExecutions } from './pretended-executions.ts';
import { startTestStack, type TestStack, type TestStackOptions } from './running-stack.ts';
import { type Moment, type PassingRequest, startWatchedProxy } from './watched-proxy.ts';

/** A moment that a test names. */
export type IsNow = (moment: Moment, request: PassingRequest) => boolean;

/** A stack, and what kills its functions. */
export interface KilledStack extends TestStack {
  /** What was killed and when, oldest first. */
  readonly kills: readonly string[];
  /** Details of the verdict events that the bus took, oldest first. */
  readonly events: readonly VerdictEvent[];
  /** Has Step Functions show an execution as running that is none. */
  pretendToRun(executionArn: string, input: unknown): void;
  /** Kills at a named moment, once. */
  killWhen(isNow: IsNow): void;
  /**
   * Kills at moments of requests to AWS or VirusTotal that the seed chooses.
   *
   * @param times - how often at most
   * @param apart - most moments between two
   */
  killAtRandom(times: number, apart: number): void;
  /** No more kills. */
  spare(): void;
}

/**
 * Starts a stack. With a process, all of the same function are killed, since a request does not say
 * which one it is of.
 *
 * @param seed - of the random moments
 */
export async function startKilledStack(
  seed: number,
  options: TestStackOptions,
): Promise<KilledStack> {
  const kills: string[] = [];
  const events: VerdictEvent[] = [];
  const planned = new Set<IsNow>();
  const drawn = drawMoments(seed);
  const watch = (moment: Moment, request: PassingRequest): boolean => {
    if (moment === 'served') events.push(...verdictsOf(request));
    const plan = [...planned].find((isNow) => isNow(moment, request));
    if (plan) planned.delete(plan);
    else if (!drawn.isNow()) return false;
    const names = askersOf(stack, request);
    kills.push(`${names.join(' and ')}: ${moment} ${whatOf(request)}`);
    for (const pid of names.flatMap((name) => stack.lambda.pids(name))) kill(pid);
    return true;
  };
  const aws = await startWatchedProxy(() => stack.awsUrl, watch);
  const virusTotal = await startWatchedProxy(() => stack.simulator.url, watch);
  const executions = await startPretendedExecutions(() => aws.url);
  const stack: TestStack = await startTestStack({
    ...options,
    environment: {
      ...options.environment,
      AWS_ENDPOINT_URL: aws.url,
      AWS_ENDPOINT_URL_SFN: executions.url,
      VIRUSTOTAL_SERVER_URL: virusTotal.url,
    },
  });
  return {
    ...stack,
    kills,
    events,
    pretendToRun: executions.run,
    killWhen: (isNow) => planned.add(isNow),
    killAtRandom: drawn.start,
    spare() {
      planned.clear();
      drawn.start(0, 1);
    },
    async close() {
      await stack.close();
      await executions.close();
      await aws.close();
      await virusTotal.close();
    },
  };
}

/** Moments that come after a random number of others. */
function drawMoments(seed: number) {
  const random = mulberry32(seed);
  const state = { times: 0, apart: 1, left: 0 };
  const draw = () => {
    state.left = 1 + Math.floor(random() * state.apart);
  };
  return {
    start(times: number, apart: number) {
      Object.assign(state, { times, apart });
      draw();
    },
    isNow(): boolean {
      if (state.times === 0) return false;
      state.left -= 1;
      if (state.left > 0) return false;
      state.times -= 1;
      draw();
      return true;
    },
  };
}

/** Numbers from 0 to below 1, by a seed (https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Logical ids of the functions that a request can be of. */
function askersOf({ stack: { functions } }: TestStack, request: PassingRequest): string[] {
  const role = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
  // VirusTotal is not told who asks; files are sent by one function, and looked up by two.
  const stems = request.method === 'POST' ? ['SubmitFile'] : ['SubmitFile', 'FileReputation'];
  return functions
    .filter(({ logicalId, roleId }) =>
      role === undefined
        ? stems.some((stem) => logicalId.includes(`${stem}Function`))
        : roleId === role,
    )
    .map(({ logicalId }) => logicalId);
}

/** What a request asks for, as far as it can be told without its content. */
function whatOf({ method, path, headers }: PassingRequest): string {
  return String(headers['x-amz-target'] ?? `${method} ${path.split('?')[0]}`);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}

function verdictsOf({ headers, body }: PassingRequest): VerdictEvent[] {
  if (headers['x-amz-target'] !== 'AWSEvents.PutEvents') return [];
  const entries: readonly { readonly Detail: string }[] = JSON.parse(body.toString()).Entries;
  return entries.map(({ Detail }) => verdictEvent.parse(JSON.parse(Detail)));
}
