/** Which notifications can be sent, and which objects they are for. */
import type { LocalFunction } from '../../types.ts';
import type { LocalQueue } from './queues.ts';

/** A notification that a bucket sends. */
export interface LocalNotification {
  /** Id of the configuration. */
  readonly id: string;
  readonly bucket: string;
  /** For example `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  /** Keys must start with the `prefix` and end with the `suffix`. */
  readonly rules: readonly { readonly name: string; readonly value: string }[];
  /** ARN of a function or a queue. */
  readonly targetArn: string;
  /** Whether S3 checks the target first: queues receive a test message. */
  readonly isTested: boolean;
}

/** Names of the events that the local S3 sends. */
const SENT = [
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
];

/**
 * Whether a notification is for an object.
 *
 * @param event - without `s3:`, for example `ObjectCreated:Put`
 * @param key - not encoded
 */
export function isNotified(notification: LocalNotification, event: string, key: string): boolean {
  const isEvent = notification.events.some((name) => isSame(name, `s3:${event}`));
  const { prefix, suffix } = affixesOf(notification);
  return isEvent && key.startsWith(prefix) && key.endsWith(suffix);
}

/** @returns why a notification cannot be sent */
export function refusalOf(
  notification: LocalNotification,
  functions: readonly LocalFunction[],
  queues: readonly LocalQueue[],
): string | undefined {
  const { events, rules, targetArn } = notification;
  const unsent = events.find((name) => !SENT.includes(name));
  if (unsent !== undefined) return `the local S3 does not send ${unsent}, only ${SENT.join(', ')}`;
  const unknown = rules.find(({ name }) => name !== 'prefix' && name !== 'suffix');
  if (unknown) return `the filter rule ${unknown.name} is neither prefix nor suffix`;
  if (new Set(rules.map(({ name }) => name)).size < rules.length) {
    return 'a filter has more than one prefix or suffix';
  }
  const queue = queues.find(({ arn }) => arn === targetArn);
  if (queue?.attributes.FifoQueue === 'true') {
    return `S3 does not send notifications to FIFO queues, such as ${targetArn}`;
  }
  if (queue || functions.some(({ arn }) => arn === targetArn)) return undefined;
  return `the template does not have its function or queue ${targetArn}`;
}

/** @returns why S3 refuses a notification beside the others: each event of an object has one target */
export function overlapOf(
  notification: LocalNotification,
  others: readonly LocalNotification[],
): string | undefined {
  const own = affixesOf(notification);
  const overlapping = others.find((other) => {
    const { prefix, suffix } = affixesOf(other);
    return (
      other.bucket === notification.bucket &&
      notification.events.some((name) => other.events.some((each) => isSame(each, name))) &&
      isEither(own.prefix, prefix, (one, two) => one.startsWith(two)) &&
      isEither(own.suffix, suffix, (one, two) => one.endsWith(two))
    );
  });
  if (!overlapping) return undefined;
  const targets = `${overlapping.targetArn} and ${notification.targetArn}`;
  return `S3 refuses two notifications of ${notification.bucket} for the same events and keys, to ${targets}`;
}

function affixesOf({ rules }: LocalNotification) {
  const affix = (kind: string) => rules.find(({ name }) => name === kind)?.value ?? '';
  return { prefix: affix('prefix'), suffix: affix('suffix') };
}

/** Whether two names of events have an event in common: `*` stands for the last part. */
function isSame(one: string, other: string): boolean {
  return one === other || [one, other].includes('s3:ObjectCreated:*');
}

function isEither(
  one: string,
  two: string,
  contains: (one: string, two: string) => boolean,
): boolean {
  return contains(one, two) || contains(two, one);
}
