/** Puts SQS's times on the run's clock: the engine knows real time only. */
import { type Clock, workTimeout } from '../../clock.ts';
import { isRecord } from '../../json.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Attributes of the queue that a request is for. */
type QueueAttributes = () => Promise<Readonly<Record<string, string>>>;

/** Longest visibility timeout and longest delay, seconds. */
const MAX_VISIBILITY = 43_200;
const MAX_DELAY = 900;

/**
 * Converts the waits in a request to real seconds. Long polling stays in real time, and so does what the
 * engine is to refuse.
 *
 * @param attributes - reads the queue's defaults, which the engine would not scale
 */
export async function toRealTime(
  action: string,
  request: Fields,
  clock: Clock,
  attributes: QueueAttributes,
): Promise<Fields> {
  if (clock.setting.speed === 1) return request;
  const scale = scales.get(action);
  return scale ? scale(request, clock, attributes) : request;
}

type Scale = (request: Fields, clock: Clock, attributes: QueueAttributes) => Promise<Fields>;

const scales: ReadonlyMap<string, Scale> = new Map<string, Scale>([
  ['ReceiveMessage', scaleReceive],
  ['SendMessage', scaleSend],
  [
    'SendMessageBatch',
    (request, ...context) => eachEntry(request, (entry) => scaleSend(entry, ...context)),
  ],
  ['ChangeMessageVisibility', scaleChange],
  [
    'ChangeMessageVisibilityBatch',
    (request, clock) => eachEntry(request, (entry) => scaleChange(entry, clock)),
  ],
]);

async function eachEntry(request: Fields, scale: (entry: Fields) => Promise<Fields>) {
  const { Entries } = request;
  if (!Array.isArray(Entries)) return request;
  const scaled = Entries.map((entry) => (isRecord(entry) ? scale(entry) : entry));
  return { ...request, Entries: await Promise.all(scaled) };
}

/** The visibility timeout of a receive is time to work, so it keeps at least ten real seconds. */
async function scaleReceive(request: Fields, clock: Clock, attributes: QueueAttributes) {
  const { VisibilityTimeout = Number((await attributes()).VisibilityTimeout) } = request;
  if (!isUpTo(VisibilityTimeout, MAX_VISIBILITY)) return request;
  const ms = workTimeout(VisibilityTimeout * 1000, clock);
  return { ...request, VisibilityTimeout: ms / 1000 / clock.setting.speed };
}

/** A delay of the queue itself is scaled too, except in FIFO queues, whose messages cannot have their own. */
async function scaleSend(request: Fields, { setting }: Clock, attributes: QueueAttributes) {
  const isOwn = request.DelaySeconds !== undefined;
  const queue = isOwn ? {} : await attributes();
  const delay = isOwn ? request.DelaySeconds : Number(queue.DelaySeconds ?? 0);
  if (queue.FifoQueue === 'true' || delay === 0 || !isUpTo(delay, MAX_DELAY)) return request;
  return { ...request, DelaySeconds: delay / setting.speed };
}

async function scaleChange(request: Fields, { setting }: Clock) {
  const { VisibilityTimeout: seconds } = request;
  if (!isUpTo(seconds, MAX_VISIBILITY)) return request;
  return { ...request, VisibilityTimeout: seconds / setting.speed };
}

function isUpTo(value: unknown, max: number): value is number {
  return typeof value === 'number' && value >= 0 && value <= max;
}

/**
 * Converts the timestamps of received messages to the run's clock. Time that the clock has skipped since they
 * were sent is not counted: they seem to be younger by it.
 */
export function toClockTime(body: string, { setting }: Clock): string {
  const { origin, speed, skippedMs = 0 } = setting;
  if (speed === 1 && skippedMs === 0) return body;
  return body.replace(
    /"(SentTimestamp|ApproximateFirstReceiveTimestamp)":"(\d+)"/g,
    (_, name, ms) =>
      `"${name}":"${Math.round(origin + (Number(ms) - origin) * speed + skippedMs)}"`,
  );
}
