/** A function's bundle as the CDK takes it. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';

const root = join(import.meta.dirname, '../..');

/**
 * Bundles a function on this machine, when its stack is synthesised.
 *
 * The CDK's own NodejsFunction takes no plugins, and calls esbuild in a process of its own as well.
 *
 * @param stem - of the file in `functions/`
 */
export function bundledCode(stem: string): AssetCode {
  const entry = join(root, 'functions', `${stem}.ts`);
  return Code.fromAsset(join(root, 'functions'), {
    // The hash is that of the bundle: what does not change it deploys nothing.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: what is local always serves, or fails loudly.
      image: DockerImage.fromRegistry('none'),
      // Tells the bundles of one source folder apart.
      command: [stem],
      local: {
        tryBundle(outdir) {
          const script = join(import.meta.dirname, 'write-bundle.ts');
          execFileSync(process.execPath, [script, entry, outdir], { cwd: root, stdio: 'inherit' });
          return true;
        },
      },
    },
  });
}
