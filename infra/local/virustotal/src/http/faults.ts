/**
 * Faults on demand. A fault applies to the next matching request, or to the next `times` requests.
 * Only the oldest matching fault applies to a request.
 *
 * | kind | what happens |
 * |---|---|
 * | `answer` | sends this answer: `status` with `code` and `message`, or with `json` or `raw`; `body` is `json`, `empty`, `html`, `truncated-json`, `mislabelled-gzip` (plain text labelled as gzip) or `truncated-gzip`; `headers` adds headers; `beforeBody` answers without reading the request |
 * | `delay` | sends the real answer after `delayMs`, which every other kind accepts, too |
 * | `stall` | never answers; with `at: "answer"`, stops after half of the answer |
 * | `reset` | resets the connection, `at` `before-body`, `during-body`, `after-body` or `during-answer` |
 * | `cut` | ends the connection in the middle of the answer |
 * | `slow-reading` | reads the request body at `bytesPerSecond` |
 * | `redirect` | redirects to `location`, with `status` (302 by default) |
 * | `upload-url` | `GET /files/upload_url` returns `url`, for example on another host |
 * | `number-id` | a submission returns the epoch, a JSON number, as its id, as has been recorded |
 * | `already-exists`, `not-available-yet`, `quota-exceeded` | sends 409, 400 or 429, the last one with `retryAfter` if present |
 *
 * `{apikey}` in any text becomes the key of the request, since VirusTotal echoes keys.
 */
import * as z from 'zod/mini';

const text = z.string();
const common = {
  /** Matching requests. @default all */
  match: z.optional(
    z.strictObject({
      method: z.optional(text),
      /** Prefix, or pattern if it begins with `^`, of the path without query, with or without `/api/v3`. */
      path: z.optional(z.union([text, z.instanceof(RegExp)])),
    }),
  ),
  /** Number of requests. @default 1 */
  times: z.optional(z.union([z.int().check(z.positive()), z.literal('always')])),
  /** Delay before anything else, milliseconds. */
  delayMs: z.optional(z.number().check(z.nonnegative())),
};
const headers = z.optional(z.record(text, text));
const simple = <Kind extends string>(kind: Kind) =>
  z.strictObject({ ...common, kind: z.literal(kind) });

/** Schema of a fault, as in `POST /_simulator/faults`. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('answer'),
    status: z.int().check(z.gte(200), z.lte(599)),
    code: z.optional(text),
    message: z.optional(text),
    json: z.optional(z.unknown()),
    raw: z.optional(text),
    body: z.optional(
      z.enum(['json', 'empty', 'html', 'truncated-json', 'mislabelled-gzip', 'truncated-gzip']),
    ),
    headers,
    beforeBody: z.optional(z.boolean()),
  }),
  simple('delay'),
  z.strictObject({
    ...common,
    kind: z.literal('stall'),
    at: z.optional(z.enum(['start', 'answer'])),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('reset'),
    at: z.optional(z.enum(['before-body', 'during-body', 'after-body', 'during-answer'])),
  }),
  simple('cut'),
  z.strictObject({
    ...common,
    kind: z.literal('slow-reading'),
    bytesPerSecond: z.number().check(z.positive()),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('redirect'),
    location: text,
    status: z.optional(z.int().check(z.gte(300), z.lte(399))),
  }),
  z.strictObject({ ...common, kind: z.literal('upload-url'), url: text }),
  simple('number-id'),
  simple('already-exists'),
  simple('not-available-yet'),
  z.strictObject({
    ...common,
    kind: z.literal('quota-exceeded'),
    retryAfter: z.optional(z.union([z.int(), text])),
  }),
]);

/** A fault. */
export type Fault = z.infer<typeof faultSchema>;

/** Faults that are waiting for requests. */
export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  /** Appends a fault. */
  add(fault: Fault): void {
    const left = fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1);
    this.#waiting.push({ fault, left });
  }

  /**
   * Takes the oldest matching fault.
   *
   * @param path - without query
   */
  take(method: string, path: string): Fault | undefined {
    const found = this.#waiting.find(({ fault }) => matches(fault, method, path));
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#waiting = this.#waiting.filter((waiting) => waiting !== found);
    return found.fault;
  }

  /** Removes all faults. */
  clear(): void {
    this.#waiting = [];
  }
}

function matches({ match }: Fault, method: string, path: string): boolean {
  if (match?.method && match.method.toUpperCase() !== method) return false;
  const { path: expected } = match ?? {};
  if (expected === undefined) return true;
  const spellings = [path, path.replace(/^\/api\/v3/, '')];
  if (typeof expected === 'string' && !expected.startsWith('^')) {
    return spellings.some((spelling) => spelling.startsWith(expected));
  }
  const pattern = new RegExp(expected);
  return spellings.some((spelling) => pattern.test(spelling));
}
