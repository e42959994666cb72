import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idFrom, physicalName, uuidFrom } from '../../src/template/physical-name.ts';

const bucketRule = { maxLength: 63, isLowerCase: true };

describe('physicalName', () => {
  it('consists of the stack, the logical id and a suffix', () => {
    expect(physicalName('Stack', 'Queue', { maxLength: 80 })).toMatch(/^Stack-Queue-[A-Z0-9]{12}$/);
  });

  it('says the name of the stack once', () => {
    expect(physicalName('Stack', 'StackUploadBucket1A2B', bucketRule)).toMatch(
      /^stack-uploadbucket1a2b-[a-z0-9]{12}$/,
    );
    expect(physicalName('Stack', 'Stack', bucketRule)).toMatch(/^stack-[a-z0-9]{12}$/);
  });

  it('keeps the end that a service asks for', () => {
    const name = physicalName('S'.repeat(90), 'Q'.repeat(90), { maxLength: 80, ending: '.fifo' });
    expect(name).toHaveLength(80);
    expect(name).toMatch(/\.fifo$/);
  });

  it('is the same in every run, and differs by logical id, even where the id is cut', () => {
    const rule = { maxLength: 64 };
    const long = (end: string) => physicalName('Stack', `${end}${'x'.repeat(200)}`, rule);
    expect(long('A')).toBe(long('A'));
    expect(long('A')).not.toBe(long('B'));
  });

  it('satisfies the rule, whatever the names', () => {
    const id = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,254}$/);
    const stack = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,126}[A-Za-z0-9]$/);
    fc.assert(
      fc.property(
        stack,
        id,
        fc.constantFrom(63, 64, 80, 255),
        (stackName, logicalId, maxLength) => {
          const name = physicalName(stackName, logicalId, { maxLength, isLowerCase: true });
          expect(name.length).toBeLessThanOrEqual(maxLength);
          expect(name).toMatch(/^[a-z0-9][a-z0-9-]*[a-z0-9]$/);
        },
      ),
    );
  });
});

describe('ids', () => {
  it('are as long as asked, and the same for the same seed', () => {
    expect(idFrom('seed', 10)).toMatch(/^[a-z0-9]{10}$/);
    expect(idFrom('seed', 10)).toBe(idFrom('seed', 10));
    expect(idFrom('seed', 10)).not.toBe(idFrom('weed', 10));
  });

  it('are UUIDs', () => {
    expect(uuidFrom('seed')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});
