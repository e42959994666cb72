import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDigestTap } from '../../../../shared/uploads/submit/digests.ts';

async function* chunksOf(chunks: readonly Uint8Array[]) {
  yield* chunks;
}

const hex = (algorithm: string, bytes: Uint8Array) =>
  createHash(algorithm).update(bytes).digest('hex');

describe('the digests of what passes', () => {
  it('are those of EICAR-like known answers: the empty file and "abc"', async () => {
    const empty = createDigestTap();
    expect(empty.finish()).toEqual({
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
      sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    });
    const abc = createDigestTap();
    for await (const _ of abc.through(chunksOf([Buffer.from('a'), Buffer.from('bc')])));
    expect(abc.bytes).toBe(3);
    expect(abc.finish()).toEqual({
      md5: '900150983cd24fb0d6963f7d28e17f72',
      sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
  });

  it('do not depend on how the bytes are cut, and the bytes pass unchanged', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pieces, async (chunks) => {
        const whole = Buffer.concat(chunks);
        const tap = createDigestTap();
        const passed: Uint8Array[] = [];
        for await (const chunk of tap.through(chunksOf(chunks))) passed.push(chunk);
        expect(Buffer.concat(passed).equals(whole)).toBe(true);
        expect(tap.bytes).toBe(whole.length);
        expect(tap.finish()).toEqual({
          md5: hex('md5', whole),
          sha1: hex('sha1', whole),
          sha256: hex('sha256', whole),
        });
      }),
    );
  });
});
