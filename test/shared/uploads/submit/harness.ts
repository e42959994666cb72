/** What the tests of submissions share: S3 clients, an S3 server, and answers of S3 to script. */
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { buildApp } from 'fauxqs';
import { onTestFinished } from 'vitest';
import { bytes, type Reply } from '../../../support/upstream-server.ts';

/** The bucket of the tests. */
export const BUCKET = 'uploads-of-tests';

/** A client as the function makes it. */
export function s3At(endpoint: string): S3Client {
  const client = new S3Client({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    responseChecksumValidation: 'WHEN_REQUIRED',
    followRegionRedirects: true,
  });
  onTestFinished(() => client.destroy());
  return client;
}

/** A local S3 server that holds these objects, by key. */
export async function startS3(
  objects: Readonly<Record<string, Uint8Array | string>>,
): Promise<S3Client> {
  const app = buildApp({ logger: false });
  onTestFinished(() => app.close());
  const client = s3At(await app.listen({ host: '127.0.0.1', port: 0 }));
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  for (const [Key, Body] of Object.entries(objects)) {
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  }
  return client;
}

/** S3's answer with an object's content. */
export function object(
  content: Uint8Array | string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return bytes(200, Buffer.from(content), { etag: '"one"', ...headers });
}

/** S3's answer to a HEAD. */
export function head(size: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    play(response) {
      response.writeHead(200, { 'content-length': String(size), etag: '"one"', ...headers }).end();
    },
  };
}

/** What headers of an answer are to be besides, or instead of, the usual ones; an empty list: none. */
type Headers = Readonly<Record<string, string | string[]>>;

/** S3's answer with an object's content, or the range of it that was asked for; version `v 1`. */
export function ranged(content: Uint8Array, headers: Headers = {}): Reply {
  return breaking(content, content.length, headers);
}

/** The same, but the connection ends before byte `at` of the whole object, unless that is its length. */
export function breaking(content: Uint8Array, at: number, headers: Headers = {}): Reply {
  return {
    play(response, request) {
      const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
      const from = Number(range?.[1] ?? 0);
      response.writeHead(range ? 206 : 200, {
        etag: '"one"',
        'x-amz-version-id': 'v 1',
        'content-length': String(content.length - from),
        ...(range && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
        ...headers,
      });
      const part = content.subarray(from, at);
      if (at === content.length) return void response.end(part);
      response.flushHeaders();
      if (part.length > 0) response.write(part);
      response.socket?.destroySoon();
    },
  };
}

/** S3's error answer. */
export function s3Fault(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>no</Message></Error>`;
  return bytes(status, xml, { 'content-type': 'application/xml', ...headers });
}
