/** Helps esbuild drop the unused parts of the AWS SDK. */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Rewrites five things in the AWS SDK that keep esbuild from dropping code:
 *
 * - A client's schemas are object literals with computed keys (`{ [_hH]: "x" }`). Computing a key might
 *   have a side effect, so esbuild keeps every schema. The keys are constants of the same file, so they
 *   are replaced by their values.
 * - A client registers a class for each error of its service. Without it, an error has the class of all errors of the
 *   client, and the same name, message and status, which is all that the functions read.
 * - A client reads only the version from its package.json.
 * - Only operations with event streams import the event stream package, and none is used here.
 * - Each hash has a second implementation, for a Node.js without OpenSSL.
 */
export const leanSdk: Plugin = {
  name: 'lean-sdk',
  setup(build) {
    build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
    build.onLoad({ filter: /[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: writeOutKeys(withoutErrorClasses(await readFile(path, 'utf8'))),
    }));
    const hashes = /[\\/](?:Sha256|Sha1|Md5)Node\.js$/;
    build.onLoad({ filter: hashes }, async ({ path }) => ({
      contents: useNativeHash(await readFile(path, 'utf8')),
    }));
    build.onLoad({ filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/**
 * Replaces computed keys that are constants of the same file by their values.
 *
 * @param source - JavaScript: the schemas of an SDK client
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

const NATIVE_TEST = /^const hasNativeCrypto = [\s\S]*?^\}\)\(\);$/m;

/**
 * Chooses the hash of Node.js.
 *
 * @param source - JavaScript: a hash of the SDK, which tries out whether Node.js has it
 * @throws Error if the source is another than this project knows
 */
export function useNativeHash(source: string): string {
  const chosen = source
    .replace(NATIVE_TEST, '')
    .replace(/= hasNativeCrypto \? buildNativeClass\(\) : \w+;/, '= buildNativeClass();');
  if (!chosen.includes('hasNativeCrypto') && chosen.includes('= buildNativeClass();'))
    return chosen;
  throw new Error('the SDK chooses its hashes in another way; adapt infra/bundle/lean-sdk.ts');
}

/**
 * Removes the registration of error classes; that of the class of all errors of a client stays.
 *
 * @param source - JavaScript: the schemas of an SDK client
 */
export function withoutErrorClasses(source: string): string {
  return source.replace(/^n0_registry\.registerError\(.*\);$/gm, '');
}
