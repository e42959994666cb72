/** Helps esbuild to leave out what of the AWS SDK is not used. */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * A client's schemas are literals, of which only those of the commands in use are needed. Their computed
 * keys (`{ [_hH]: "x" }`) keep esbuild from dropping the others, since computing a key might do
 * something: the names are constants of the same file, so the keys are written out. Of its package.json
 * a client reads the version alone. Event streams are imported by whatever sends one, which no operation
 * here does; bundled, that import would keep esbuild from dropping what is not used of their imports.
 */
export const leanSdk: Plugin = {
  name: 'lean-sdk',
  setup(build) {
    build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
    build.onLoad({ filter: /[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: writeOutKeys(await readFile(path, 'utf8')),
    }));
    build.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/**
 * Writes computed keys out whose name is a constant of the same file.
 *
 * @param source - an SDK client's schemas, JavaScript
 */
export function writeOutKeys(source: string): string {
  const constants = new Map(
    [...source.matchAll(/^const (\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return source.replace(/\[(_\w+)\]:/g, (key, name) => {
    const text = constants.get(name);
    return text === undefined ? key : `${text}:`;
  });
}
