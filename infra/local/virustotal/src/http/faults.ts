/**
 * Faults on demand. Each is used for the next request that it matches (`times` requests), and one
 * request meets one fault at most, the oldest first.
 *
 * | kind | what happens |
 * |---|---|
 * | `answer` | this answer in place of the real one: `status`, `code`, `message`, or `json` / `raw` as given; `body`: `json`, `empty`, `html`, `truncated-json`, `mislabelled-gzip` (says gzip, is not), `truncated-gzip`; `headers` (`Retry-After`, another `Content-Type`); `beforeBody`: at once, without reading the request |
 * | `delay` | the real answer, after `delayMs` (which every other kind takes too) |
 * | `stall` | no answer; `at: "answer"`: half of the answer, and then nothing |
 * | `reset` | the connection is reset, `at` `before-body`, `during-body`, `after-body` or `during-answer` |
 * | `cut` | the connection ends in the midst of the answer |
 * | `slow-reading` | the request's body is read at `bytesPerSecond` |
 * | `redirect` | to `location`, with `status` (302) |
 * | `upload-url` | `GET /files/upload_url` gives `url`, for example at a foreign host |
 * | `number-id` | a submission is answered with a bare JSON number, the epoch, as was recorded |
 * | `already-exists`, `not-available-yet`, `quota-exceeded` | 409, 400, 429 (with `retryAfter`, if given) |
 *
 * `{apikey}` in any text becomes the key that the request carried, because VirusTotal echoes keys.
 */
import * as z from 'zod/mini';

const text = z.string();
const common = {
  /** Which requests; without it, all. */
  match: z.optional(
    z.strictObject({
      method: z.optional(text),
      /** With or without `/api/v3`, without query: a prefix; a text that begins with `^` is a pattern. */
      path: z.optional(z.union([text, z.instanceof(RegExp)])),
    }),
  ),
  /** How many requests; 1 by default. */
  times: z.optional(z.union([z.int().check(z.positive()), z.literal('always')])),
  /** Milliseconds to wait before anything else. */
  delayMs: z.optional(z.number().check(z.nonnegative())),
};
const headers = z.optional(z.record(text, text));
const simple = <Kind extends string>(kind: Kind) =>
  z.strictObject({ ...common, kind: z.literal(kind) });

/** Schema of a fault, as `POST /_simulator/faults` takes it. */
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

/** The faults that wait for a request. */
export class Faults {
  #waiting: { readonly fault: Fault; left: number }[] = [];

  /** Adds a fault behind those that wait. */
  add(fault: Fault): void {
    const left = fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1);
    this.#waiting.push({ fault, left });
  }

  /**
   * Uses the oldest fault that fits.
   *
   * @param path - without query
   */
  take(method: string, path: string): Fault | undefined {
    const found = this.#waiting.find(({ fault }) => fits(fault, method, path));
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#waiting = this.#waiting.filter((waiting) => waiting !== found);
    return found.fault;
  }

  /** Forgets all. */
  clear(): void {
    this.#waiting = [];
  }
}

function fits({ match }: Fault, method: string, path: string): boolean {
  if (match?.method && match.method.toUpperCase() !== method) return false;
  const { path: wanted } = match ?? {};
  if (wanted === undefined) return true;
  const spellings = [path, path.replace(/^\/api\/v3/, '')];
  if (typeof wanted === 'string' && !wanted.startsWith('^')) {
    return spellings.some((spelling) => spelling.startsWith(wanted));
  }
  const pattern = new RegExp(wanted);
  return spellings.some((spelling) => pattern.test(spelling));
}
