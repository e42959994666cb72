/** How every function is bundled: by the local esbuild, everything included that a Lambda function needs. */
import { builtinModules } from 'node:module';
import { type BundlingOptions, LogLevel, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

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
] as const;

/**
 * Node's own modules by `process.getBuiltinModule`: an ESM import evaluates each of a module's exports,
 * and with those of `node:http` all of undici (https://github.com/nodejs/node/issues/57649).
 */
const builtins: Readonly<Record<string, string>> = Object.fromEntries(
  builtinModules
    .filter((name) => !name.startsWith('_') && !name.startsWith('node:'))
    .flatMap((name) => [name, `node:${name}`].map((alias) => [alias, builtinShim(name)])),
);

function builtinShim(name: string): string {
  const source = `module.exports=process.getBuiltinModule('node:${name}')`;
  return `data:text/javascript;base64,${btoa(source)}`;
}

/** The bundling in esbuild's own terms, for tests and benchmarks that build the same bundle. */
export const esbuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // The SDK's `module` entries are the smaller ones.
  mainFields: ['module', 'main'],
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  external: [...external],
  alias: { ...builtins },
} as const;

/**
 * The same for the CDK. A bundled SDK starts faster than the runtime's; the source map lies beside the
 * bundle for whoever sets NODE_OPTIONS=--enable-source-maps.
 */
export const bundling: BundlingOptions = {
  format: OutputFormat.ESM,
  target: esbuildOptions.target,
  mainFields: [...esbuildOptions.mainFields],
  minify: esbuildOptions.minify,
  sourceMap: esbuildOptions.sourcemap,
  sourcesContent: esbuildOptions.sourcesContent,
  bundleAwsSDK: true,
  externalModules: [...external],
  esbuildArgs: {
    '--alias': Object.entries(builtins).map(([name, shim]) => `${name}=${shim}`),
  },
  logLevel: LogLevel.WARNING,
};
