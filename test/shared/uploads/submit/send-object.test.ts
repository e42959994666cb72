import { describe, expect, it } from 'vitest';
import type { OpenObject } from '../../../../shared/aws/s3/s3-object.ts';
import { UpstreamUnavailableError } from '../../../../shared/errors.ts';
import { ObjectSource } from '../../../../shared/uploads/submit/object-source.ts';
import { sendObject } from '../../../../shared/uploads/submit/send-object.ts';
import { fault, json, startUpstream } from '../../../support/upstream-server.ts';
import { clientAt, descriptor, keySource, rejection, within } from '../../virustotal/harness.ts';

const CONTENT = Buffer.from('some content');
const brokenRead = new UpstreamUnavailableError('S3 stopped sending');

/** An opened object; `reopen` opens the next of the given bodies. */
function openedObject(
  body: AsyncIterable<Uint8Array>,
  ...others: AsyncIterable<Uint8Array>[]
): OpenObject {
  return {
    address: { bucket: 'uploads', key: 'file', versionId: undefined },
    size: CONTENT.length,
    etag: undefined,
    modified: undefined,
    sha256: null,
    md5: null,
    body,
    async reopen() {
      const [next, ...rest] = others;
      if (!next) throw new Error('opened too often');
      return openedObject(next, ...rest);
    },
    close() {},
  };
}

async function* whole() {
  yield CONTENT;
}

async function* broken() {
  yield CONTENT.subarray(0, 4);
  throw brokenRead;
}

const sourceOf = (object: OpenObject) =>
  new ObjectSource({
    describe: async () => null,
    open: async () => object,
    check: () => {},
    now: Date.now,
  });

const follow = () => ({ content: null, isHandedOver: false, keep() {}, async begin() {} });

describe('the progress of an upload', () => {
  it('says that the file was handed over once it was read to its end', async () => {
    await using upstream = await startUpstream();
    upstream.script(json(200, descriptor));
    const progress = follow();
    const source = sourceOf(openedObject(whole()));
    await sendObject(clientAt(upstream.url), source, progress, within());
    expect(progress.isHandedOver).toBe(true);
  });

  it('says again that it was not, after a second opening that broke', async () => {
    await using upstream = await startUpstream();
    upstream.script(fault(401, 'WrongCredentialsError'));
    const client = clientAt(upstream.url, { apiKey: keySource('old', 'new') });
    const progress = follow();
    const source = sourceOf(openedObject(whole(), broken(), broken(), broken(), broken()));
    const error = await rejection(sendObject(client, source, progress, within()));
    expect(error).toMatchObject({ name: 'UpstreamUnavailableError' });
    expect(progress.isHandedOver).toBe(false);
  });
});
