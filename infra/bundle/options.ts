/** How functions are bundled: by esbuild, with everything included that a Lambda function needs. */
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { builtins } from './builtins.ts';
import { leanSdk } from './lean-sdk.ts';
import { leanZod } from './lean-zod.ts';
import { answerSchemasVersion } from './schema-version.ts';

/**
 * Credential providers that a Lambda function never uses, since its credentials are in the environment.
 * The SDK imports them dynamically; should one be needed after all, the runtime has a copy.
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
 * Returns esbuild's options for functions. A bundled SDK starts faster than the runtime's own. To use the
 * source map beside each bundle, set NODE_OPTIONS=--enable-source-maps.
 *
 * @param entryPoints - source file by output path below `outdir`, without extension
 */
export function bundleOptions(
  entryPoints: Readonly<Record<string, string>>,
  outdir: string,
): BuildOptions & { readonly metafile: true } {
  return {
    entryPoints,
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
    define: { ANSWER_SCHEMAS: JSON.stringify(answerSchemasVersion()) },
    plugins: [builtins, leanSdk, leanZod],
    metafile: true,
    logLevel: 'warning',
  };
}
