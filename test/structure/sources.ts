/** The project's TypeScript sources, parsed for tests of their structure. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseAst } from 'vitest/node';

const root = join(import.meta.dirname, '../..');

/** A source file. */
export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  /** Number of lines. */
  readonly lines: number;
  /** What it imports or re-exports: paths from the root for files, names for packages. */
  readonly imports: readonly string[];
  /** Names that it declares and exports. */
  readonly exports: readonly string[];
  readonly functions: readonly FunctionLines[];
}

/** A function, method or arrow function. */
export interface FunctionLines {
  /** Path and first line. */
  readonly at: string;
  /** Number of lines, from `function`, the method's parameters or the arrow's to the closing brace. */
  readonly lines: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

const functionTypes = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

/** Reads and parses the files that match. @param patterns - globs from the root */
export function sourcesOf(...patterns: readonly string[]): Source[] {
  const paths = globSync(patterns, { cwd: root, exclude: ['**/node_modules/**', '**/test/**'] });
  return paths.map((path) => readSource(path.replaceAll('\\', '/'))).toSorted(byPath);
}

const byPath = (a: Source, b: Source) => a.path.localeCompare(b.path);

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const nodes = nodesBelow(parseAst(text, { lang: path.endsWith('.ts') ? 'ts' : 'js' }));
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  return {
    path,
    lines: text.split('\n').length - 1,
    imports: nodes.flatMap((node) => importOf(node, path)),
    exports: [...new Set(nodes.flatMap(exportsOf))],
    functions: nodes
      .filter(({ type }) => functionTypes.includes(type))
      .map(({ start, end }) => ({
        at: `${path}:${lineOf(start)}`,
        lines: lineOf(end) - lineOf(start) + 1,
      })),
  };
}

/** The node and every node below it. */
function nodesBelow(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(nodesBelow);
  return isNode(value) ? [value, ...below] : below;
}

function isNode(value: object): value is Node {
  return 'type' in value && 'start' in value && 'end' in value;
}

function importOf(node: Node, path: string): string[] {
  if (!/^(?:Import|Export\w*)(?:Declaration|Expression)$/.test(node.type)) return [];
  const specifier = textAt(node, 'source', 'value');
  if (specifier === undefined) return [];
  return [specifier.startsWith('.') ? posix.join(dirname(path), specifier) : specifier];
}

function exportsOf(node: Node): string[] {
  if (node.type !== 'ExportNamedDeclaration') return [];
  const declaration = valueAt(node, 'declaration');
  const single = textAt(declaration, 'id', 'name');
  if (single !== undefined) return [single];
  const declarators = valueAt(declaration, 'declarations');
  if (!Array.isArray(declarators)) return [];
  return declarators.flatMap((declarator) => textAt(declarator, 'id', 'name') ?? []);
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce(valueAt, value);
  return typeof found === 'string' ? found : undefined;
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
