/** How every function is bundled: by esbuild, everything included that a Lambda function needs. */
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { builtins } from './builtins.ts';
import { leanSdk } from './lean-sdk.ts';

/**
 * Ways to find credentials that a Lambda function never uses: its own are in the environment. The SDK
 * imports them dynamically, and should one be needed after all, the runtime's own copy serves.
 */
const external = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/nested-clients/*',
  '@aws-sdk/token-providers',
  '@smithy/credential-provider-imds',
];

/**
 * Options of esbuild for a function. A bundled SDK starts faster than the runtime's; the source map lies
 * beside the bundle for whoever sets NODE_OPTIONS=--enable-source-maps.
 *
 * @param entry - the function's source file
 * @param outdir - gets `index.mjs` and `index.mjs.map`
 */
export function bundleOptions(
  entry: string,
  outdir: string,
): BuildOptions & { readonly metafile: true } {
  return {
    entryPoints: { index: entry },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The SDK's `module` entries are the smaller ones.
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    external,
    inject: [join(import.meta.dirname, 'globals.ts')],
    plugins: [builtins, leanSdk],
    metafile: true,
    logLevel: 'warning',
  };
}
