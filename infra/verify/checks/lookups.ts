/** The four lookups, over HTTP and direct. */
import { randomBytes } from 'node:crypto';
import {
  domainReputation,
  fileReputation,
  ipReputation,
  type Operation,
  urlReputation,
} from '../../../shared/operations/catalogue.ts';
import { outputs } from '../../../shared/operations/outputs.ts';
import { type ApiAnswer, callApi, errorOf } from '../call-api.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { eicar } from '../eicar.ts';
import { fieldOf } from '../field-of.ts';
import { invokeForOutput } from '../invoke.ts';
import { CheckFailure, expectEqual, shown } from '../outcomes.ts';
import { QuotaSpent, throwIfQuotaSpent, whenQuotaAllows } from '../quota.ts';

/** One lookup. */
interface Lookup {
  readonly id: string;
  readonly operation: Operation;
  /** What is looked up, for the sentence. */
  readonly what: string;
  readonly path: string;
  readonly input: object;
  /** Expected fields of both outputs. */
  readonly expected: Readonly<Record<string, unknown>>;
  /** Expects more of an output. */
  readonly examine?: (output: unknown) => void;
  /** Of both calls together. */
  readonly requests: number;
}

/** Not sent to VirusTotal, because the address is private. */
const PRIVATE_URL = 'http://10.0.0.1/a?b=c&d=é%20f';

const lookups: readonly Lookup[] = [
  {
    id: 'file-reputation',
    operation: fileReputation,
    what: "EICAR's MD5 is known and malicious",
    path: `/files/${eicar.md5}`,
    input: { hash: eicar.md5 },
    expected: { resource: eicar.md5, response_code: 1 },
    examine(output) {
      const verdict = fieldOf(fieldOf(output, 'verdict'), 'value');
      const positives = Number(fieldOf(output, 'positives'));
      if (positives > 0 && verdict !== 'clean') return;
      throw new CheckFailure(`EICAR: got positives ${positives} and the verdict ${verdict}`);
    },
    requests: 2,
  },
  {
    id: 'ip-reputation',
    operation: ipReputation,
    what: '`8.8.8.8` is known',
    path: '/ip-addresses/8.8.8.8?details=summary',
    input: { ip: '8.8.8.8', details: 'summary' },
    expected: { resource: '8.8.8.8', response_code: 1, detected_urls: null },
    requests: 2,
  },
  {
    id: 'domain-reputation',
    operation: domainReputation,
    what: '`example.com` is known',
    path: '/domains/example.com?details=summary',
    input: { domain: 'example[.]com', details: 'summary' },
    expected: { resource: 'example.com', response_code: 1, detected_urls: null },
    requests: 2,
  },
  {
    id: 'url-reputation',
    operation: urlReputation,
    what: 'a URL with an encoded query',
    path: `/urls?url=${encodeURIComponent('https://example.com/?a=b&c=d%20e')}`,
    input: { url: 'https://example.com/?a=b&c=d%20e' },
    expected: { resource: 'https://example.com/?a=b&c=d%20e' },
    requests: 2,
  },
  {
    id: 'private-url',
    operation: urlReputation,
    what: 'a URL with a private address, which is not sent to VirusTotal',
    path: `/urls?url=${encodeURIComponent(PRIVATE_URL)}`,
    input: { url: PRIVATE_URL },
    expected: { response_code: 0, positives: null },
    requests: 0,
  },
  {
    id: 'unknown-hash',
    operation: fileReputation,
    what: 'a digest that no file has is unknown, never clean',
    ...unknownDigest(),
    expected: { response_code: 0, positives: null, total: null },
    examine: (output) =>
      expectEqual(
        'verdict of an unknown file',
        fieldOf(fieldOf(output, 'verdict'), 'value'),
        'unknown',
      ),
    requests: 2,
  },
];

function unknownDigest() {
  const hash = randomBytes(32).toString('hex');
  return { path: `/files/${hash}`, input: { hash } };
}

/** A check for each lookup. */
export const lookupChecks: readonly Check[] = lookups.map((lookup) => ({
  id: lookup.id,
  proves: `\`${lookup.operation.name}\`, over HTTP and direct: ${lookup.what}.`,
  class: 'lookup',
  requests: lookup.requests,
  run: (context) => checkLookup(context, lookup),
}));

async function checkLookup(context: CheckContext, lookup: Lookup): Promise<string> {
  const { operation } = lookup;
  // An answer of the cache would prove neither the key nor that VirusTotal can be reached.
  const path = `${lookup.path}${lookup.path.includes('?') ? '&' : '?'}cache=bypass`;
  const input = { ...lookup.input, cache: 'bypass' };
  const overHttp = await outputOverHttp(context, operation, { path });
  const direct = await invokeForOutput(context, operation, input);
  for (const [way, output] of Object.entries({ 'over HTTP': overHttp, direct })) {
    expectOutput(`${operation.name} ${way}`, operation, output);
    for (const [field, value] of Object.entries(lookup.expected)) {
      expectEqual(`${operation.name} ${way}, ${field}`, fieldOf(output, field), value);
    }
    lookup.examine?.(output);
  }
  const { response_code: code, positives }: Record<string, unknown> = { ...Object(direct) };
  return `response_code ${code}, positives ${positives}`;
}

/**
 * Calls an operation over HTTP; waits for the quota.
 *
 * @throws CheckFailure unless it answers 200
 */
export async function outputOverHttp(
  context: CheckContext,
  { name }: Pick<Operation, 'name'>,
  call: { readonly path: string; readonly body?: unknown },
): Promise<unknown> {
  const method = call.body === undefined ? 'GET' : 'POST';
  const answer = await whenQuotaAllows(context, async () => {
    const received = await callApi(context, { method, ...call });
    throwIfThrottled(received);
    return received;
  });
  if (answer.status === 200) return answer.body;
  throw new CheckFailure(
    `${name} over HTTP, ${answer.call}: got ${answer.status} ${shown(answer.body ?? answer.text)}; expected 200`,
  );
}

/** @throws QuotaSpent for a 429 */
export function throwIfThrottled(answer: ApiAnswer): void {
  if (answer.status !== 429) return;
  const error = errorOf(answer);
  throwIfQuotaSpent(error?.name, error?.message ?? '');
  throw new QuotaSpent(Number(answer.headers.get('retry-after') ?? 1));
}

/** Expects every field that the documents promise. @throws CheckFailure */
export function expectOutput(
  what: string,
  { name }: Pick<Operation, 'name'>,
  output: unknown,
): void {
  const result = outputs[name].safeParse(output);
  if (result.success) return;
  const [issue] = result.error.issues;
  throw new CheckFailure(
    `${what}, field ${issue?.path.join('.')}: ${issue?.message}; got ${shown(output)}`,
  );
}
