import { describe, expect, it } from 'vitest';
import { multipartBody } from '../../../../shared/virustotal/http/multipart.ts';

async function* chunksOf(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
}

const file = (size: number, ...parts: string[]) => ({
  name: 'sample',
  size,
  open: async () => chunksOf(...parts),
});

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString('latin1');
}

describe('multipartBody', () => {
  it('is a form with the one field `file`, of exactly the length it says', async () => {
    const body = multipartBody(file(5, 'ab', 'cde'));
    const text = await collect(body.chunks());
    const boundary = /boundary=([0-9a-f]{32})$/.exec(body.contentType)?.[1];
    expect(text).toBe(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="sample"\r\nContent-Type: application/octet-stream\r\n\r\nabcde\r\n--${boundary}--\r\n`,
    );
    expect(body.size).toBe(text.length);
  });

  it('lets no name leave its header', async () => {
    const body = multipartBody({ ...file(1, 'a'), name: 'é"\r\nX-Evil: 1' });
    const text = await collect(body.chunks());
    expect(text).toContain('filename="____X-Evil__1"\r\nContent-Type');
    expect(body.size).toBe(text.length);
  });

  it.each([
    ['too few', 6, '5 of 6'],
    ['too many', 4, 'more than 4'],
    ['none', 1_000, '5 of 1000'],
  ])('never ends well with %s bytes', async (_, size, got) => {
    await expect(collect(multipartBody(file(size, 'ab', 'cde')).chunks())).rejects.toMatchObject({
      name: 'UpstreamUnavailableError',
      message: `the file had ${got} bytes; the upload was aborted`,
    });
  });

  it('gives nothing of a chunk that is too much', async () => {
    const given: string[] = [];
    const all = async () => {
      for await (const chunk of multipartBody(file(4, 'ab', 'cdefgh')).chunks()) {
        given.push(Buffer.from(chunk).toString());
      }
    };
    await expect(all()).rejects.toThrow('more than 4');
    expect(given.slice(1)).toEqual(['ab']);
  });

  it('opens the file only when its bytes are due', async () => {
    let opened = 0;
    const body = multipartBody({
      ...file(1),
      async open() {
        opened += 1;
        return chunksOf('a');
      },
    });
    const chunks = body.chunks()[Symbol.asyncIterator]();
    await chunks.next();
    expect(opened).toBe(0);
    await chunks.next();
    expect(opened).toBe(1);
  });
});
