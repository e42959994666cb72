/** Runs the examples of docs/verdict.md, and compares its tables with the code. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { IndicatorType } from '../../../shared/indicators/indicator-type.ts';
import { policyObject } from '../../../shared/verdict/policy-schema.ts';
import { presets } from '../../../shared/verdict/presets.ts';
import { verdict, verdictValue } from '../../../shared/verdict/verdict-schema.ts';
import { categories, opinions, verdictOn } from './harness.ts';

const text = readFileSync(new URL('../../../docs/verdict.md', import.meta.url), 'utf8');

interface Block {
  readonly kind: string;
  readonly text: string;
}

const blocks: readonly Block[] = [...text.matchAll(/^```\w+ (\w+)\n(.*?)^```$/gms)].map(
  ([, kind = '', inner = '']) => ({ kind, text: inner }),
);
const types: readonly IndicatorType[] = ['file', 'url', 'ip', 'domain'];

/** Rows of the table under a heading, cell by cell, without its head. */
function tableUnder(heading: string): string[][] {
  const [, section = ''] = text.split(`## ${heading}\n`);
  const lines = section.split('\n## ')[0]?.split('\n') ?? [];
  const rows = lines.filter((line) => line.startsWith('|')).slice(2);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What a case of the document says, for example `file: 1 malicious, 0 suspicious of 70; Alpha malicious -> malicious`. */
const CASE =
  /^(?<type>\w+): (?<malicious>\d+) malicious, (?<suspicious>\d+) suspicious of (?<total>\d+)(?:; (?<engine>\w+) (?<said>\w+))? -> (?<value>\w+)$/;

const cases = blocks.flatMap(({ kind, text: lines }, index) => {
  const policy = blocks[index - 1];
  if (kind !== 'cases' || policy?.kind !== 'policy') return [];
  return lines
    .trim()
    .split('\n')
    .map((line) => ({ line, policy: policy.text }));
});

describe('the examples', () => {
  it('are there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(16);
    expect(blocks.filter(({ kind }) => kind === 'policy').length).toBeGreaterThanOrEqual(3);
  });

  it.each(blocks.filter(({ kind }) => kind === 'policy'))('of policies are valid: %#', (block) => {
    expect(z.safeParse(policyObject, JSON.parse(block.text)).error).toBeUndefined();
  });

  it.each(cases)('$line', ({ line, policy }) => {
    const { type, malicious, suspicious, total, engine, said, value } =
      CASE.exec(line)?.groups ?? {};
    const results = opinions({
      ...categories(Number(malicious), Number(suspicious), Number(total)),
      ...(engine && said && { [engine]: said }),
    });
    const of = types.find((one) => one === type);
    expect(verdictOn(results, { type: of, policy })).toMatchObject({ value });
  });

  it('has the fields of the schema', () => {
    const output = JSON.parse(blocks.find(({ kind }) => kind === 'output')?.text ?? '');
    expect(z.safeParse(verdict, output).error).toBeUndefined();
    expect(Object.keys(output)).toEqual(Object.keys(verdict.shape));
    expect(Object.keys(output.policy)).toEqual(Object.keys(verdict.shape.policy.shape));
  });
});

it('the table of verdicts has each', () => {
  const found = tableUnder('What each verdict means').map(([value]) => value?.replaceAll('`', ''));
  expect(found).toEqual(Object.values(verdictValue.def.entries));
});

it('the table of presets is that of the code', () => {
  let preset = '';
  const found: Record<string, unknown> = {};
  for (const [name = '', of = '', ...thresholds] of tableUnder('Presets')) {
    preset = /`(\w+)`/.exec(name)?.[1] ?? preset;
    const [malicious, suspicious] = thresholds.map((cell) => {
      const [number, unit] = cell.split(' ');
      return unit === '%'
        ? { count: null, percent: Number(number) }
        : { count: Number(number), percent: null };
    });
    for (const type of of === 'all' ? types : of.split(', ')) {
      found[`${preset} ${type}`] = { malicious, suspicious };
    }
  }
  const expected = Object.entries(presets).flatMap(([name, byType]) =>
    types.map((type) => [`${name} ${type}`, byType[type]]),
  );
  expect(found).toEqual(Object.fromEntries(expected));
});

it('the reference names each field of a policy', () => {
  const fields = Object.keys(policyObject.shape);
  const [first = ''] = text.split('### The allow list');
  const named = [...(first.split('## Policy reference')[1] ?? '').matchAll(/`(?:….)?(\w+)`/g)];
  expect(named.map(([, name]) => name)).toEqual(
    expect.arrayContaining([...fields, 'malicious', 'suspicious', 'trust', 'ignore', 'veto']),
  );
});
