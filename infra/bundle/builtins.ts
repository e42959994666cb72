/** Lets a bundle use Node's own modules without the cost of an ESM import. */
import { builtinModules } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Takes Node's own modules from `process.getBuiltinModule`: an ESM import evaluates every export of a
 * module, which for `node:http` loads all of undici (https://github.com/nodejs/node/issues/57649).
 */
export const builtins: Plugin = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_]+(\/[a-z_]+)*$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      if (!builtinModules.includes(name)) return undefined;
      return { path: name, namespace: kind === 'import-statement' ? 'builtin' : 'whole-builtin' };
    });
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => ({
      contents: (forms.get(name) ?? namedExports)(name),
    }));
    build.onLoad({ filter: /.*/, namespace: 'whole-builtin' }, ({ path: name }) => ({
      contents: wholeModule(name),
    }));
  },
};

/** Modules whose exports are expensive to read and seldom used. */
const forms = new Map([
  // The getters of `ReadStream` and `promises` load more of Node.
  ['fs', wholeModule],
  // Used only by the SDK's reader of configuration files.
  ['fs/promises', lazyFunctions],
]);

/** The module itself: an export is read where it is used. */
function wholeModule(name: string): string {
  return `module.exports = process.getBuiltinModule('node:${name}')`;
}

/** A constant for each export, so that esbuild drops the unused ones. */
function namedExports(name: string): string {
  return `const all = /* @__PURE__ */ process.getBuiltinModule('node:${name}');
const read = (key) => all[key];
export default all;
${exportsOf(name, (key) => `/* @__PURE__ */ read('${key}')`)}`;
}

/** A function for each export, which loads the module on its first call. */
function lazyFunctions(name: string): string {
  return exportsOf(
    name,
    (key) => `(...parameters) => process.getBuiltinModule('node:${name}').${key}(...parameters)`,
  );
}

/** What `process` has only where the build runs as a child with a channel; a bundle must not depend on it. */
const channelKeys: ReadonlySet<string> = new Set([
  ...['channel', 'connected', 'send', '_send', 'disconnect', '_disconnect'],
  ...['_handleQueue', '_pendingMessage', 'emit'],
]);

function exportsOf(name: string, value: (key: string) => string): string {
  const all = Object.keys(process.getBuiltinModule(name) ?? {});
  const keys = name === 'process' ? all.filter((key) => !channelKeys.has(key)) : all;
  const lines = keys.map((key, at) => `const e${at} = ${value(key)}; export { e${at} as ${key} };`);
  return lines.join('\n');
}
