import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { SFNClient } from '@aws-sdk/client-sfn';
import { localClientOptions } from '@local/cloud';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { ScanFinder } from '../../../../infra/local/scan/execution.ts';
import { portOf } from '../../../support/listen.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:ScanUpload';
const PAGE = 2;
const PATIENCE_MS = 1500;

const uploadOf = (key: string, versionId?: string) =>
  JSON.stringify({ detail: { object: { key, ...(versionId && { 'version-id': versionId }) } } });

/** Step Functions with executions of one machine: the newest comes first, two on a page. */
let executions: { readonly executionArn: string; readonly input: string }[];
let described: string[];
let server: Server;
let sfn: SFNClient;

const request = z.object({
  executionArn: z.optional(z.string()),
  nextToken: z.optional(z.string()),
});

beforeEach(async () => {
  executions = [];
  described = [];
  server = createServer(async (incoming, response) => {
    const { executionArn, nextToken = '0' } = request.parse(await json(incoming));
    const newestFirst = executions.toReversed();
    const page = newestFirst.slice(Number(nextToken), Number(nextToken) + PAGE);
    const next = Number(nextToken) + PAGE;
    if (executionArn !== undefined) described.push(executionArn);
    const answer =
      executionArn === undefined
        ? { executions: page, ...(next < newestFirst.length && { nextToken: String(next) }) }
        : newestFirst.find((each) => each.executionArn === executionArn);
    response.setHeader('content-type', 'application/x-amz-json-1.0').end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  sfn = new SFNClient(localClientOptions(`http://127.0.0.1:${portOf(server)}`));
});
afterEach(() => {
  sfn.destroy();
  server.close();
});

const add = (executionArn: string, input: string) => executions.push({ executionArn, input });

describe('ScanFinder', () => {
  test('finds by key and version, among equal keys and equal versions, on any page', async () => {
    add('a1', uploadOf('a/index.js', 'v1'));
    add('a2', uploadOf('a/index.js', 'v2'));
    add('b1', uploadOf('b/index.js', 'v1'));
    add('by-hand', JSON.stringify({ hash: 'x' }));
    add('text', '"a/index.js"');
    const finder = new ScanFinder(sfn, MACHINE, PATIENCE_MS);

    expect(await finder.find({ key: 'a/index.js', versionId: 'v1' })).toBe('a1');
    expect(await finder.find({ key: 'a/index.js', versionId: 'v2' })).toBe('a2');
    expect(await finder.find({ key: 'b/index.js', versionId: 'v1' })).toBe('b1');
    // Each input is read once, however many uploads look for theirs.
    expect(described.toSorted()).toEqual(['a1', 'a2', 'b1', 'by-hand', 'text']);
  });

  test('finds an object of a bucket without versions', async () => {
    add('versioned', uploadOf('a', 'v1'));
    add('plain', uploadOf('a'));
    const finder = new ScanFinder(sfn, MACHINE, PATIENCE_MS);
    expect(await finder.find({ key: 'a', versionId: undefined })).toBe('plain');
  });

  test('waits for an execution that starts later', async () => {
    add('old', uploadOf('a', 'v1'));
    const found = new ScanFinder(sfn, MACHINE, PATIENCE_MS).find({ key: 'a', versionId: 'v2' });
    await expect.poll(() => described).toContain('old');
    add('new', uploadOf('a', 'v2'));
    expect(await found).toBe('new');
  });

  test.each([
    ['another version', { key: 'a', versionId: 'v2' }],
    ['no version', { key: 'a', versionId: undefined }],
    ['a longer key', { key: 'x/a', versionId: 'v1' }],
  ])('gives up rather than take what scans another object: %s', async (_name, upload) => {
    add('a1', uploadOf('a', 'v1'));
    await expect(new ScanFinder(sfn, MACHINE, 50).find(upload)).rejects.toThrow(
      'the upload started no scan',
    );
    expect(described).toEqual(['a1']);
  });
});
