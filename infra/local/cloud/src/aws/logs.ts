/** CloudWatch Logs of the functions: keeps their lines, and serves FilterLogEvents (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html). */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { jsonAction, jsonService } from './http/json-service.ts';
import { AwsRefusal } from './http/refusal.ts';
import type { AwsService } from './http/service.ts';

interface LogLine {
  /** Position among all lines of the group. */
  readonly index: number;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
}

/** Lines kept of a group at most; the oldest go first. */
const MOST = 10_000;
/** Lines in a page at most. */
const PAGE = 1_000;

/** The lines of all log groups. */
export class LogStore {
  readonly #groups: ReadonlyMap<string, LogLine[]>;
  readonly #now: () => number;
  #lines = 0;

  /** @param groupNames - of the functions */
  constructor(groupNames: readonly string[], now: () => number) {
    this.#groups = new Map(groupNames.map((name) => [name, []]));
    this.#now = now;
  }

  /** Adds a line to a group. */
  write(groupName: string, message: string): void {
    const lines = this.#groups.get(groupName);
    lines?.push({ index: this.#lines++, timestamp: Math.floor(this.#now()), message });
    if (lines && lines.length > MOST) lines.shift();
  }

  /** Returns the lines of a group, the oldest first; undefined if there is no such group. */
  linesOf(groupName: string): readonly LogLine[] | undefined {
    return this.#groups.get(groupName);
  }
}

const filterInput = z.object({
  logGroupName: z.string(),
  startTime: z.optional(z.number()),
  endTime: z.optional(z.number()),
  limit: z.optional(z.int().check(z.minimum(1), z.maximum(10_000))),
  nextToken: z.optional(z.string()),
  filterPattern: z.optional(z.literal('')),
});

/** Serves the store. Filter patterns are refused. */
export function createLogs(store: LogStore): AwsService {
  const FilterLogEvents = jsonAction(filterInput, (input, { note }) => {
    const { logGroupName: name, startTime = 0, endTime = Number.POSITIVE_INFINITY } = input;
    note('logs:FilterLogEvents', [groupArn(name)]);
    const lines = store.linesOf(name);
    if (!lines) {
      const message = 'The specified log group does not exist.';
      throw new AwsRefusal('ResourceNotFoundException', message);
    }
    const after = Number(input.nextToken ?? -1);
    const left = lines.filter(
      ({ index, timestamp }) => index > after && timestamp >= startTime && timestamp <= endTime,
    );
    const page = left.slice(0, input.limit ?? PAGE);
    return {
      events: page.map(({ index, timestamp, message }) => ({
        eventId: createHash('sha256').update(`${name} ${index}`).digest('hex').slice(0, 56),
        logStreamName: 'local',
        timestamp,
        ingestionTime: timestamp,
        message,
      })),
      searchedLogStreams: [],
      ...(left.length > page.length && { nextToken: String(page.at(-1)?.index) }),
    };
  });
  return jsonService({ name: 'logs', actions: { FilterLogEvents } });
}

function groupArn(name: string): string {
  return `arn:aws:logs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:log-group:${name}:*`;
}
