/** Node's own modules in a bundle, without what an ESM import of them costs. */
import { builtinModules } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Takes Node's own modules from `process.getBuiltinModule`: an ESM import evaluates each of a module's
 * exports, and with those of `node:http` all of undici (https://github.com/nodejs/node/issues/57649).
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

/** Modules of which a function that works as it should uses nothing, and that load much. */
const forms = new Map([
  // `ReadStream` and `promises` lie behind getters that load more of Node.
  ['fs', wholeModule],
  // The SDK's reader of configuration files.
  ['fs/promises', lazyFunctions],
]);

/** The module as it is: what it exports is read where it is used. */
function wholeModule(name: string): string {
  return `module.exports = process.getBuiltinModule('node:${name}')`;
}

/** A constant for each export, so that the bundle keeps only those in use. */
function namedExports(name: string): string {
  return `const all = /* @__PURE__ */ process.getBuiltinModule('node:${name}');
const read = (key) => all[key];
export default all;
${exportsOf(name, (key) => `/* @__PURE__ */ read('${key}')`)}`;
}

/** A function for each export, which loads the module when it is called. */
function lazyFunctions(name: string): string {
  return exportsOf(
    name,
    (key) => `(...parameters) => process.getBuiltinModule('node:${name}').${key}(...parameters)`,
  );
}

function exportsOf(name: string, value: (key: string) => string): string {
  const keys = Object.keys(process.getBuiltinModule(name) ?? {});
  const lines = keys.map((key, at) => `const e${at} = ${value(key)}; export { e${at} as ${key} };`);
  return lines.join('\n');
}
