import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../shared/uploads/record/decide.ts';
import {
  mergeTags,
  tagNames,
  tagsOf,
  withoutTags,
} from '../../../../shared/uploads/record/tags.ts';
import { requestOf, scanId } from './harness.ts';

const [verdict, scan, at] = tagNames.map((Key) => ({ Key, Value: 'new' }));
if (!verdict || !scan || !at) throw new Error('three tags');
const ours = [verdict, scan, at];
const others = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Key: `other-${index}`, Value: 'x' }));
const old = { Key: verdict.Key, Value: 'pending' };

describe('mergeTags', () => {
  it.each([
    { name: 'adds to none', present: [], tags: ours, leftOut: [] },
    { name: 'adds to seven', present: others(7), tags: [...others(7), ...ours], leftOut: [] },
    {
      name: 'leaves the date out beside eight',
      present: others(8),
      tags: [...others(8), verdict, scan],
      leftOut: [at.Key],
    },
    {
      name: 'adds the verdict alone to nine',
      present: others(9),
      tags: [...others(9), verdict],
      leftOut: [scan.Key, at.Key],
    },
    {
      name: 'adds nothing to ten',
      present: others(10),
      tags: others(10),
      leftOut: ours.map(({ Key }) => Key),
    },
    {
      name: 'replaces what is there of ours',
      present: [old, ...others(7)],
      tags: [...others(7), ...ours],
      leftOut: [],
    },
    {
      name: 'replaces a verdict among ten',
      present: [...others(9), old],
      tags: [...others(9), verdict],
      leftOut: [scan.Key, at.Key],
    },
  ])('$name', ({ present, tags, leftOut }) => {
    const merged = mergeTags(present, ours);
    expect(merged).toMatchObject({ tags, leftOut });
    expect(merged.written).toEqual(ours.map(({ Key }) => Key).filter((n) => !leftOut.includes(n)));
  });

  it('removes the tags of an earlier scan when this one has no scan id', () => {
    expect(mergeTags([scan, at], [verdict]).tags).toEqual([verdict]);
  });

  it('never exceeds ten, never drops a foreign tag, and is idempotent', () => {
    const name = fc.oneof(fc.constantFrom(...tagNames), fc.stringMatching(/^[a-z]{1,8}$/));
    const present = fc.uniqueArray(fc.record({ Key: name, Value: fc.string() }), {
      maxLength: 10,
      selector: ({ Key }) => Key,
    });
    fc.assert(
      fc.property(present, fc.subarray(ours), (before, wanted) => {
        const { tags } = mergeTags(before, wanted);
        expect(tags.length).toBeLessThanOrEqual(10);
        const names: readonly string[] = tagNames;
        for (const tag of before.filter(({ Key }) => !names.includes(Key))) {
          expect(tags).toContainEqual(tag);
        }
        expect(mergeTags(tags, wanted).tags).toEqual(tags);
      }),
    );
  });
});

describe('withoutTags', () => {
  it('takes off what has exactly our values', () => {
    const theirs = { ...scan, Value: 'of another scan' };
    expect(withoutTags([verdict, theirs, ...others(1)], ours)).toEqual([theirs, ...others(1)]);
  });
});

describe('tagsOf', () => {
  const object = { bucket: 'b', key: 'k', versionId: null, etag: null, size: 1, sequencer: null };
  const context = { id: '0'.repeat(64), object, report: null, now: 0 };

  it('tells verdict, scan and date', () => {
    expect(tagsOf(decide(requestOf(), context))).toEqual([
      { Key: 'virustotal-verdict', Value: 'malicious' },
      { Key: 'virustotal-scan-id', Value: scanId },
      { Key: 'virustotal-scanned-at', Value: '2023-11-14T22:13:20Z' },
    ]);
  });

  it('has no tag for what is not known', () => {
    const request = requestOf({ outcome: 'skipped', scan_id: null, report: null });
    expect(tagsOf(decide(request, context))).toEqual([
      { Key: 'virustotal-verdict', Value: 'skipped' },
    ]);
  });

  it('keeps a scan id of unknown form within the characters and the length that S3 takes', () => {
    const request = requestOf({
      report: null,
      outcome: 'pending',
      scan_id: `a,b é="#${'y'.repeat(300)}`,
    });
    const [, tag] = tagsOf(decide(request, context));
    expect(tag?.Value).toBe(`a_b é=__${'y'.repeat(248)}`);
  });
});
