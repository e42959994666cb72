import { expect, it } from 'vitest';
import { copyKey } from '../../../../shared/uploads/record/quarantine-object.ts';

const object = (key: string, version_id: string | null = 'v') => ({
  bucket: 'b'.repeat(63),
  key,
  version_id,
  etag: 'e',
  size: 1,
  sequencer: null,
});

it('names bucket and key, and is another for each version', () => {
  const name = copyKey(object('a/é.txt'));
  expect(name).toMatch(/^b{63}\/[0-9a-f]{32}\/a\/é\.txt$/);
  expect(copyKey(object('a/é.txt'))).toBe(name);
  expect(copyKey(object('a/é.txt', 'w'))).not.toBe(name);
});

it.each(['x'.repeat(1024), 'é'.repeat(512), '𝄞'.repeat(256)])(
  'cuts a key of 1,024 bytes between two characters',
  (key) => {
    const name = copyKey(object(key));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(1024);
    expect(Buffer.byteLength(name)).toBeGreaterThan(1020);
    expect(name).not.toContain('\uFFFD');
    expect(name.isWellFormed()).toBe(true);
  },
);
