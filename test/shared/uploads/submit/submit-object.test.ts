/** Submissions from S3 to VirusTotal: real servers at both ends, scripted where they must fail. */
import { createHash, randomBytes } from 'node:crypto';
import { PUBLIC_KEY } from '@local/virustotal';
import { describe, expect, it } from 'vitest';
import { start } from '../../../../infra/local/virustotal/test/harness.ts';
import type { UploadMode } from '../../../../shared/schema/fields/upload-mode.ts';
import { submit as submitFile } from '../../../../shared/uploads/submit/submit-object.ts';
import type { SubmitServices } from '../../../../shared/uploads/submit/submit-request.ts';
import { multipartBody } from '../../../../shared/virustotal/http/multipart.ts';
import {
  bytes,
  cutShort,
  early,
  fault,
  json,
  type Reply,
  startUpstream,
  type Upstream,
} from '../../../support/upstream-server.ts';
import {
  clientAt,
  descriptor,
  fileReport,
  keySource,
  rejection,
  within,
} from '../../virustotal/harness.ts';
import { BUCKET, breaking, head, object, ranged, s3At, s3Fault, startS3 } from './harness.ts';

const KEY = 'reports/secret name.pdf';
const CONTENT = 'some content of a file';
const EPOCH = 1_700_000_000;

const hex = (algorithm: string, content: string | Uint8Array) =>
  createHash(algorithm).update(content).digest('hex');
const digestsOf = (content: string | Uint8Array) => ({
  md5: hex('md5', content),
  sha1: hex('sha1', content),
  sha256: hex('sha256', content),
});
const DIGESTS = digestsOf(CONTENT);
const SHA256 = DIGESTS.sha256;
const permalink = (sha256: string, epoch: number) =>
  `https://www.virustotal.com/gui/file/${sha256}/detection/f-${sha256}-${epoch}`;
const queued = (digests = DIGESTS) => ({
  ...digests,
  resource: digests.sha256,
  response_code: 1,
  verbose_msg: 'Scan request successfully queued, come back later for the report',
  repeated: false,
  permalink: permalink(digests.sha256, EPOCH),
  scan_id: `${digests.sha256}-${EPOCH}`,
});
const known = {
  ...queued(),
  verbose_msg: 'Scan finished, information embedded',
};
const unknown = fault(404, 'NotFoundError', `File "${SHA256}" not found`);

async function submit(
  services: SubmitServices,
  upload: UploadMode,
  maxReportAgeDays = 30,
  limits = within(),
) {
  const address = { bucket: BUCKET, key: KEY };
  const request = { address, upload, maxReportAgeDays };
  return (await submitFile(services, request, limits)).output;
}

/** Requests that the server received: method and path. */
const asked = ({ requests }: Upstream) => requests.map(({ method, path }) => `${method} ${path}`);

/** S3 and VirusTotal, each from its own script. */
async function scripted(
  s3Replies: readonly Reply[],
  replies: readonly Reply[],
  nowMs = EPOCH * 1000,
) {
  const stack = new AsyncDisposableStack();
  const s3 = stack.use(await startUpstream());
  const virusTotal = stack.use(await startUpstream());
  s3.script(...s3Replies);
  virusTotal.script(...replies);
  const services = { s3: s3At(s3.url), virusTotal: clientAt(virusTotal.url), now: () => nowMs };
  return { s3, virusTotal, services, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('always', () => {
  it('sends the file as it is, whatever VirusTotal knows, and polls by its scan_id', async () => {
    const s3 = await startS3({ [KEY]: CONTENT });
    const simulator = await start();
    const virusTotal = clientAt(simulator.url, { apiKey: keySource(PUBLIC_KEY) });
    const output = await submit({ s3, virusTotal }, 'always');
    const epoch = simulator.clock.ms / 1000;
    expect(output).toEqual({
      ...queued(),
      permalink: permalink(SHA256, epoch),
      scan_id: `${SHA256}-${epoch}`,
    });
    simulator.clock.ms += 60_000;
    const lookup = await virusTotal.file(SHA256, within());
    expect(lookup).toMatchObject({ status: 'found', object: { lastAnalysisDate: epoch } });
  });

  it('sends exactly the bytes, and neither key nor bucket', async () => {
    await using run = await scripted([object(CONTENT)], [json(200, descriptor)]);
    expect(await submit(run.services, 'always')).toEqual(queued());
    const [request] = run.virusTotal.requests;
    const body = String(request?.body);
    expect(body).toContain(
      `filename="sample"\r\nContent-Type: application/octet-stream\r\n\r\n${CONTENT}\r\n--`,
    );
    expect(request?.headers['content-length']).toBe(String(body.length));
    expect(JSON.stringify(request?.headers) + body).not.toMatch(/secret name|uploads-of-tests/);
  });

  it('sends the file again from its start when the key was refused, with digests of one reading', async () => {
    await using run = await scripted(
      [object(CONTENT), object(CONTENT)],
      [fault(401, 'WrongCredentialsError'), json(200, descriptor)],
    );
    const virusTotal = clientAt(run.virusTotal.url, { apiKey: keySource('old', 'new') });
    expect(await submit({ ...run.services, virusTotal }, 'always')).toEqual(queued());
    expect(asked(run.virusTotal)).toEqual(['POST /api/v3/files', 'POST /api/v3/files']);
    expect(run.s3.requests[1]?.headers['if-match']).toBe('"one"');
    expect(String(run.virusTotal.requests[1]?.body)).toContain(CONTENT);
  });

  it('continues the same upload after an interrupted read, with digests of the whole object', async () => {
    const content = randomBytes(200_000);
    const replies = [breaking(content, 70_000), breaking(content, 140_000), ranged(content)];
    await using run = await scripted(replies, [json(200, descriptor)]);
    expect(await submit(run.services, 'always')).toEqual(queued(digestsOf(content)));
    expect(asked(run.virusTotal)).toEqual(['POST /api/v3/files']);
    const [request] = run.virusTotal.requests;
    expect(request?.headers['content-length']).toBe(String(request?.body.length));
    expect(request?.body.includes(content)).toBe(true);
    expect(run.s3.requests.map(({ headers }) => headers['if-match'])).toEqual([
      undefined,
      '"one"',
      '"one"',
    ]);
  });

  it('breaks the upload off when what is read was overwritten midway', async () => {
    const content = randomBytes(200_000);
    await using run = await scripted(
      [breaking(content, 70_000), s3Fault(412, 'PreconditionFailed')],
      [json(200, descriptor)],
    );
    expect(await rejection(submit(run.services, 'always'))).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `s3://${BUCKET}/${KEY} changed while it was read; try again`,
    });
    const [request] = run.virusTotal.requests;
    expect(request?.body.length).toBeLessThan(Number(request?.headers['content-length']));
  });

  it('does not send what was overwritten before the second reading', async () => {
    await using run = await scripted(
      [object(CONTENT), s3Fault(412, 'PreconditionFailed')],
      [fault(401, 'WrongCredentialsError'), json(200, descriptor)],
    );
    const virusTotal = clientAt(run.virusTotal.url, { apiKey: keySource('old', 'new') });
    const error = await rejection(submit({ ...run.services, virusTotal }, 'always'));
    expect(error).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `s3://${BUCKET}/${KEY} changed while it was read; try again`,
    });
  });

  it.each([
    ['found', json(200, fileReport(SHA256)), known],
    [
      'running',
      fault(400, 'NotAvailableYet'),
      {
        ...known,
        response_code: -2,
        verbose_msg: 'Your resource is queued for analysis',
        permalink: null,
        scan_id: null,
      },
    ],
  ])('takes a 409 for the report by digest, which is %s', async (_, report, output) => {
    await using run = await scripted(
      [object(CONTENT), object(CONTENT)],
      [fault(409, 'AlreadyExistsError'), report],
    );
    expect(await submit(run.services, 'always')).toEqual(output);
    expect(asked(run.virusTotal)).toEqual(['POST /api/v3/files', `GET /api/v3/files/${SHA256}`]);
  });

  it('says so when VirusTotal has the file and does not know it', async () => {
    await using run = await scripted(
      [object(CONTENT), object(CONTENT)],
      [fault(409, 'AlreadyExistsError'), unknown],
    );
    expect(await rejection(submit(run.services, 'always'))).toMatchObject({
      name: 'UpstreamUnavailableError',
      message: expect.stringContaining(`refused the file ${SHA256} as already known`),
    });
  });

  it('never takes a short reading for the whole file', async () => {
    await using run = await scripted(
      [cutShort(200, CONTENT.repeat(1000))],
      [json(200, descriptor)],
    );
    expect((await rejection(submit(run.services, 'always'))).name).toBe('UpstreamUnavailableError');
    const length = Number(run.virusTotal.requests[0]?.headers['content-length'] ?? Infinity);
    expect(run.virusTotal.requests[0]?.body.length ?? 0).toBeLessThan(length);
  });

  it('sends nothing a second time when the fate of the first is unknown', async () => {
    await using run = await scripted([object(CONTENT)], [fault(503, 'TransientError')]);
    expect((await rejection(submit(run.services, 'always'))).name).toBe('UpstreamUnavailableError');
    expect(run.virusTotal.requests).toHaveLength(1);
    expect(run.s3.requests).toHaveLength(1);
  });

  it('ends the reading when VirusTotal refuses', async () => {
    let closed: Promise<unknown> | undefined;
    const endless: Reply = {
      play(response) {
        response.writeHead(200, { 'content-length': '30000000', etag: '"one"' });
        response.write(Buffer.alloc(1_000_000));
        closed = new Promise((resolve) => response.once('close', resolve));
      },
    };
    await using run = await scripted([endless], [early(fault(403, 'ForbiddenError'))]);
    const error = await rejection(submit(run.services, 'always'));
    expect(error.name).toBe('ForbiddenByVirusTotalError');
    await closed;
    expect(closed).toBeDefined();
  });
});

describe('the size', () => {
  const overhead = multipartBody({
    name: 'sample',
    size: 0,
    open: async () => (async function* () {})(),
  }).size;

  it.each([
    ['of exactly 32,000,000 bytes with its request is sent directly', 0, ['POST /api/v3/files']],
    [
      'of one byte more goes by an upload URL',
      1,
      ['GET /api/v3/files/upload_url', 'POST /_ah/upload/token'],
    ],
  ])('%s', async (_, more, expected) => {
    const content = Buffer.alloc(32_000_000 - overhead + more, 'content');
    await using run = await scripted([object(content)], [json(200, descriptor)]);
    if (more > 0) {
      const target = json(200, { data: `${run.virusTotal.url}/_ah/upload/token` });
      run.virusTotal.script(target, json(200, descriptor));
    }
    expect(await submit(run.services, 'always', 30, within(25_000))).toEqual(
      queued(digestsOf(content)),
    );
    expect(asked(run.virusTotal)).toEqual(expected);
    expect(run.virusTotal.requests.at(-1)?.body.length).toBe(32_000_000 + more);
  });

  /** Claims a length, and sends no more than a first piece. */
  const claiming = (length: number): Reply => ({
    play(response) {
      response.writeHead(200, { 'content-length': String(length), etag: '"one"' });
      response.write(Buffer.alloc(1000));
    },
  });

  it.each(['always', 'if-unknown', 'never'] as const)(
    'over 650 MiB is refused before a byte is sent (%s)',
    async (upload) => {
      const replies = upload === 'always' ? [claiming(681_574_401)] : [head(681_574_401)];
      await using run = await scripted(replies, [json(200, descriptor)]);
      expect(await rejection(submit(run.services, upload))).toMatchObject({
        name: 'ObjectTooLargeError',
        message: `s3://${BUCKET}/${KEY}: got 681574401 bytes; allowed: at most 681574400 bytes (650 MiB)`,
      });
      expect(run.virusTotal.connections).toBe(0);
    },
  );

  it('of 650 MiB is sent, and VirusTotal may still refuse it', async () => {
    await using run = await scripted([claiming(681_574_400)], []);
    const target = json(200, { data: `${run.virusTotal.url}/upload` });
    run.virusTotal.script(target, early(bytes(413, '')));
    expect((await rejection(submit(run.services, 'always'))).name).toBe('ObjectTooLargeError');
    expect(run.virusTotal.requests[1]?.headers['content-length']).toBe(
      String(681_574_400 + overhead),
    );
  });

  it('of nothing is refused, and nothing is sent', async () => {
    await using run = await scripted([object('')], [json(200, descriptor)]);
    expect(await rejection(submit(run.services, 'always'))).toMatchObject({
      name: 'InvalidInputError',
      message: `key: s3://${BUCKET}/${KEY} is empty; allowed: an object of 1 to 681574400 bytes`,
    });
    expect(run.virusTotal.connections).toBe(0);
  });
});

const DAY_MS = 86_400_000;

describe('if-unknown', () => {
  it('sends a file that VirusTotal does not know, the same version of it', async () => {
    const versioned = object(CONTENT, { 'x-amz-version-id': 'v1' });
    await using run = await scripted(
      [versioned, versioned, versioned],
      [unknown, json(200, descriptor)],
    );
    expect(await submit(run.services, 'if-unknown')).toEqual(queued());
    expect(asked(run.virusTotal)).toEqual([`GET /api/v3/files/${SHA256}`, 'POST /api/v3/files']);
    expect(run.s3.requests[2]?.path).toContain('versionId=v1');
  });

  it('sends nothing of what was overwritten since its digests were computed', async () => {
    await using run = await scripted(
      [object(CONTENT), object(CONTENT), s3Fault(412, 'PreconditionFailed')],
      [unknown, json(200, descriptor)],
    );
    expect((await rejection(submit(run.services, 'if-unknown'))).message).toContain(
      'changed while',
    );
    expect(asked(run.virusTotal)).toEqual([`GET /api/v3/files/${SHA256}`]);
  });

  it.each([
    ['young enough', 30, 30 * DAY_MS],
    ['of this very second, with no age allowed', 0, 0],
  ])('does not send a file whose report is %s', async (_, days, ageMs) => {
    const now = EPOCH * 1000 + ageMs;
    await using run = await scripted([object(CONTENT)], [json(200, fileReport(SHA256))], now);
    expect(await submit(run.services, 'if-unknown', days)).toEqual(known);
    expect(asked(run.virusTotal)).toEqual([`GET /api/v3/files/${SHA256}`]);
  });

  it.each([
    ['30 days', 30, 30 * DAY_MS + 1],
    ['no day at all', 0, 1],
  ])(
    'requests a new analysis, by digest, when the report is older than %s',
    async (_, days, ageMs) => {
      const now = EPOCH * 1000 + ageMs;
      const replies = [json(200, fileReport(SHA256)), json(200, descriptor)];
      await using run = await scripted([object(CONTENT)], replies, now);
      expect(await submit(run.services, 'if-unknown', days)).toEqual(queued());
      expect(asked(run.virusTotal)).toEqual([
        `GET /api/v3/files/${SHA256}`,
        `POST /api/v3/files/${SHA256}/analyse`,
      ]);
      expect(run.virusTotal.requests[1]?.body.length).toBe(0);
    },
  );

  it('takes the bare number by which a new analysis may be named', async () => {
    const replies = [json(200, fileReport(SHA256)), json(200, { data: { id: EPOCH } })];
    await using run = await scripted([object(CONTENT)], replies, EPOCH * 1000 + 31 * DAY_MS);
    expect(await submit(run.services, 'if-unknown')).toEqual(queued());
  });
});

it.each(['if-unknown', 'never'] as const)(
  '%s sends nothing while the first analysis runs',
  async (upload) => {
    const running = { data: { type: 'file', id: SHA256, attributes: {} } };
    await using run = await scripted([object(CONTENT)], [json(200, running)]);
    expect(await submit(run.services, upload)).toMatchObject({
      ...DIGESTS,
      response_code: -2,
      verbose_msg: 'Your resource is queued for analysis',
    });
    expect(run.virusTotal.requests.map(({ method }) => method)).toEqual(['GET']);
  },
);

describe('never', () => {
  it('sends only the digest of a file that VirusTotal does not know', async () => {
    await using run = await scripted([object(CONTENT)], [unknown]);
    expect(await submit(run.services, 'never')).toEqual({
      ...known,
      response_code: 0,
      verbose_msg: 'The requested resource is not among the finished, queued or pending scans',
      permalink: null,
      scan_id: null,
    });
    expect(asked(run.virusTotal)).toEqual([`GET /api/v3/files/${SHA256}`]);
  });

  it('requests no new analysis of an old report', async () => {
    const now = EPOCH * 1000 + 1000 * DAY_MS;
    await using run = await scripted([object(CONTENT)], [json(200, fileReport(SHA256))], now);
    expect(await submit(run.services, 'never')).toEqual(known);
    expect(asked(run.virusTotal)).toEqual([`GET /api/v3/files/${SHA256}`]);
  });
});
