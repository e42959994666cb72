/** A function's bundle as a CDK asset. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { bundleDirectory } from './bundle-cache.ts';

const root = join(import.meta.dirname, '../..');

/**
 * Returns the code of a function, bundled on this machine when the stack is synthesised.
 *
 * The CDK's own NodejsFunction takes no plugins, and starts an esbuild process for each function.
 *
 * @param stem - name of the file in `functions/`, without extension
 */
export function bundledCode(stem: string): AssetCode {
  return Code.fromAsset(join(root, 'functions'), {
    // Hashes the bundle, so that a change that leaves the bundle alone deploys nothing.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: bundling on this machine works or fails loudly.
      image: DockerImage.fromRegistry('none'),
      // Distinguishes the bundles, which have one source folder.
      command: [stem],
      local: {
        tryBundle(outdir) {
          cpSync(join(allBundles(), stem), outdir, { recursive: true });
          return true;
        },
      },
    },
  });
}

let bundles: string | undefined;

/**
 * Synthesis is synchronous, and esbuild runs plugins only in asynchronous builds: an app that has not
 * awaited `prepareBundles` gets its bundles, all at once, from another process.
 */
function allBundles(): string {
  bundles ??= bundleDirectory();
  if (!existsSync(bundles)) {
    const script = join(import.meta.dirname, 'write-bundles.ts');
    execFileSync(process.execPath, [script], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return bundles;
}
