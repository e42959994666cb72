/** The rules of the layout: who imports whom, how long files and functions are, one name for one thing. */
import { describe, expect, it } from 'vitest';
import { circlesOf } from './circles.ts';
import { type Source, sourcesOf } from './sources.ts';

const all = sourcesOf('{functions,shared,infra}/**/*.{ts,mjs}');
/** What is deployed, and what deploys it. */
const product = all.filter(({ path }) => !path.startsWith('infra/local/'));

const MAX_FUNCTION_LINES = 40;
const MAX_FILE_LINES = 200;
/** Of a file in `functions/`: it says what is done, not how. */
const MAX_ENTRY_LINES = 20;

function expectNone(found: readonly string[]): void {
  expect(found).toEqual([]);
}

describe('imports', () => {
  it('never lead from the product to the local run', () => {
    const found = product.flatMap(({ path, imports }) =>
      imports
        .filter((target) => /^(?:infra\/local\/|@local\/)/.test(target))
        .map((target) => `${path} imports ${target}`),
    );
    expectNone(found);
  });

  it('lead in no circle of files', () => {
    const graph = new Map(all.map(({ path, imports }) => [path, new Set(imports)]));
    expectNone(circlesOf(graph).map((nodes) => nodes.join(' and ')));
  });

  it('lead in no circle of rooms', () => {
    const rooms = Map.groupBy(all, ({ path }) => roomOf(path));
    const graph = new Map([...rooms].map(([room, sources]) => [room, roomsAround(room, sources)]));
    expectNone(circlesOf(graph).map((nodes) => nodes.join(' and ')));
  });
});

/** The other rooms that the sources of a room import. */
function roomsAround(room: string, sources: readonly Source[]): Set<string> {
  const paths = new Set(all.map(({ path }) => path));
  const targets = sources.flatMap(({ imports }) => imports.filter((target) => paths.has(target)));
  return new Set(targets.map(roomOf).filter((other) => other !== room));
}

/** The first folder below `shared`, `infra` or `infra/local`; a file outside such a folder is a room. */
function roomOf(path: string): string {
  const room = /^(?:functions|shared\/[^/]+|infra\/(?:local\/)?[^/]+)/.exec(path);
  return room?.[0] ?? path;
}

describe('length', () => {
  it(`of a function is ${MAX_FUNCTION_LINES} lines at most`, () => {
    const long = all.flatMap(({ functions }) =>
      functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES),
    );
    expectNone(long.map(({ at, lines }) => `${at}: ${lines} lines`));
  });

  it(`of a file is ${MAX_FILE_LINES} lines at most, ${MAX_ENTRY_LINES} in functions/`, () => {
    const limitOf = ({ path }: Source) =>
      path.startsWith('functions/') ? MAX_ENTRY_LINES : MAX_FILE_LINES;
    const long = all.filter((source) => source.lines > limitOf(source));
    expectNone(long.map(({ path, lines }) => `${path}: ${lines} lines`));
  });
});

describe('names', () => {
  it('are exported once in the product, except `handler`', () => {
    const places = Map.groupBy(
      product.flatMap(({ path, exports }) => exports.map((name) => ({ name, path }))),
      ({ name }) => name,
    );
    const twice = [...places]
      .filter(([name, { length }]) => length > 1 && name !== 'handler')
      .map(([name, found]) => `${name}: ${found.map(({ path }) => path).join(', ')}`);
    expectNone(twice);
  });
});
