/** `ScanExisting` as synthesised: which objects it scans, how often, and what becomes of the rest. */
import { DeleteObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { afterEach, expect, it } from 'vitest';
import { UpstreamUnavailableError } from '../../../shared/errors.ts';
import { countOf, each, sweepTwiceAtOnce } from '../../support/large-sweep.ts';
import {
  BUCKET,
  type SweepOptions,
  type SweepStack,
  startSweepStack,
} from '../../support/sweep.ts';

/** Thousands of requests take their time on a busy machine. */
const TIMEOUT_MS = 240_000;

let stack: SweepStack;
afterEach(() => stack.close());

const start = async (options?: SweepOptions) => {
  stack = await startSweepStack(options);
};

it(
  'scans each object without a verdict once, also over pages of the list and when run twice at once',
  async () => {
    await start();
    // More than a page of 1,000; test/soak sweeps 2,000.
    await sweepTwiceAtOnce(stack, 1_020);
  },
  TIMEOUT_MS,
);

it('scans the current version of each object below the prefix, whatever its key', async () => {
  await start();
  const keys = [
    'a/ä b+c&d=e?%25.txt',
    `a/${'x'.repeat(1_000)}`,
    'a/"quotes"\'<>\\',
    'a//',
    'a/\u0001\t',
  ];
  const versions = new Map<string, string | undefined>();
  for (const key of keys) {
    await stack.put(key);
    versions.set(key, await stack.put(key));
  }
  await stack.put('b/other');
  await stack.put('a/deleted');
  await stack.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a/deleted' }));

  const { output, objects } = await stack.sweep({ bucket: BUCKET, prefix: 'a/' });

  expect(output).toMatchObject({ objects: keys.length, results: { bucket: 'reports' } });
  expect(new Map(stack.submitted.map(({ key, versionId }) => [key, versionId]))).toEqual(versions);
  expect(countOf(objects)).toEqual({ reported: keys.length });
  // The event names what is scanned, and nothing that another version could differ in.
  expect(stack.submitted.every(({ size, etag }) => size === null && etag === null)).toBe(true);
});

it('scans objects of a bucket without versions by their ETag', async () => {
  await start();
  await stack.put('one', undefined, 'plain');
  await stack.put('two', 'clean', 'plain');
  const { objects } = await stack.sweep({ bucket: 'plain' });
  expect(objects).toMatchObject([
    { key: 'one', version_id: null, outcome: 'reported', verdict: 'clean' },
    { key: 'two', outcome: 'has-verdict', verdict: 'clean' },
  ]);
  expect(stack.submitted).toMatchObject([
    { versionId: null, size: 14, etag: expect.stringMatching(/^[0-9a-f]{32}$/) },
  ]);
});

it('scans no objects that the filter of uploads leaves out', async () => {
  await start({ filter: { prefixes: ['in/'], suffixes: ['.exe'], maxBytes: 100 } });
  for (const key of ['in/a.exe', 'in/a.txt', 'out/a.exe', `in/${'long'.repeat(30)}.exe`])
    await stack.put(key);
  const { objects } = await stack.sweep({ bucket: BUCKET });
  expect(countOf(objects)).toEqual({ reported: 1, filtered: 3 });
  expect(stack.submitted.map(({ key }) => key)).toEqual(['in/a.exe']);
});

it('names an object whose tags it may not read, and one that is gone, and scans the others', async () => {
  await start({
    async before(name, payload) {
      if (name !== 'FindUnscanned' || !payload.includes('"objects"')) return;
      await stack.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'gone' }));
    },
  });
  for (const key of ['denied', 'gone', 'other']) await stack.put(key);
  stack.s3.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const { Key } = { Key: '', ...args.input };
        if (commandName !== 'GetObjectTaggingCommand' || Key !== 'denied') return next(args);
        const error = new Error('no');
        throw Object.assign(error, { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
      },
    { step: 'initialize' },
  );
  const { output, objects } = await stack.sweep({ bucket: BUCKET });
  expect(output).toMatchObject({ objects: 3 });
  expect(objects).toMatchObject([
    { key: 'other', outcome: 'reported' },
    { key: 'denied', outcome: 'failed', error: { name: 'ObjectAccessDeniedError' } },
    { key: 'gone', outcome: 'gone' },
  ]);
});

it('scans an object again whose earlier scan ended without a tag', async () => {
  await start();
  const VersionId = await stack.put('a');
  await stack.sweep({ bucket: BUCKET });
  const untag = new PutObjectTaggingCommand({
    Bucket: BUCKET,
    Key: 'a',
    VersionId,
    Tagging: { TagSet: [] },
  });
  await stack.s3.send(untag);
  const { objects } = await stack.sweep({ bucket: BUCKET });
  expect(objects).toMatchObject([{ key: 'a', outcome: 'reported', verdict: 'clean' }]);
  expect(stack.scans()).toHaveLength(2);
});

it('reports an object whose scan did not succeed, and scans the others', async () => {
  await start({
    before(name, payload) {
      if (name === 'RecordVerdict' && payload.includes('"bad"'))
        throw new UpstreamUnavailableError('no');
    },
  });
  for (const key of ['bad', 'good']) await stack.put(key);
  const { objects } = await stack.sweep({ bucket: BUCKET });
  expect(objects).toMatchObject([
    { key: 'bad', outcome: 'failed', error: { name: 'States.TaskFailed' } },
    { key: 'good', outcome: 'reported' },
  ]);
});

it('ends with an error if batches fail, once the others are done', async () => {
  await start({
    before(name, payload) {
      if (name === 'FindUnscanned' && payload.includes('"000"'))
        throw new UpstreamUnavailableError('busy');
    },
  });
  const keys = Array.from({ length: 60 }, (_, index) => String(index).padStart(3, '0'));
  await each(keys, (key) => stack.put(key));
  const { output } = await stack.sweep({ bucket: BUCKET });
  expect(output.error.name).toBe('UpstreamUnavailableError');
  expect(output.error.message).toMatch(
    /^only 10 of 60 objects were examined; run it again \(.*:mapRun:/,
  );
  expect(stack.scans()).toHaveLength(10);
});

it(
  'fails for it with failOnError',
  async () => {
    await start({
      context: { failOnError: 'true' },
      before() {
        throw new UpstreamUnavailableError('busy');
      },
    });
    const { execution } = await stack.sweep({ bucket: BUCKET });
    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'UpstreamUnavailableError',
      cause: 'busy',
    });
  },
  TIMEOUT_MS,
);

it.each([
  ['no bucket', {}, 'InvalidInputError', 'bucket: got nothing; allowed: Name of a bucket'],
  [
    'a prefix that is no text',
    { bucket: BUCKET, prefix: 5 },
    'InvalidInputError',
    'prefix: got the number 5',
  ],
  ['a limit of 0', { bucket: BUCKET, limit: 0 }, 'InvalidInputError', 'limit: got the number 0'],
  [
    'an unknown field',
    { bucket: BUCKET, colour: 1 },
    'InvalidInputError',
    '"colour": unknown property',
  ],
  ['no object', [], 'InvalidInputError', 'input: got an array of 0'],
  ['a bucket that does not exist', { bucket: 'nowhere' }, 'ObjectNotFoundError', 'NoSuchBucket'],
])('names what is wrong with an input with %s', async (_, input, name, message) => {
  await start();
  const { output } = await stack.sweep(input);
  expect(output.error).toMatchObject({ name, message: expect.stringContaining(message) });
});

it('ends at once if there is nothing below the prefix', async () => {
  await start();
  const { output } = await stack.sweep({ bucket: BUCKET, prefix: 'nothing/' });
  expect(output).toEqual({ objects: 0 });
});

it('looks at as many objects as the limit says', async () => {
  await start();
  for (const key of ['a', 'b', 'c']) await stack.put(key);
  const { output, objects } = await stack.sweep({ bucket: BUCKET, limit: 2 });
  expect(output.objects).toBe(2);
  expect(objects.map(({ key }) => key)).toEqual(['a', 'b']);
});
