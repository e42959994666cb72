/** Functions of the connector as the local Lambda service takes them, without a synthesised stack. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { LOCAL_ACCOUNT, LOCAL_REGION, type LocalFunction } from '@local/cloud';
import { prepareBundles } from '../../infra/bundle/bundle-cache.ts';

/**
 * Copies the bundle of a function, as it is deployed, into a directory.
 *
 * @param stem - of the file in `functions/`; also the function's name
 * @param directory - gets a directory of that name with the bundle
 * @param changes - what differs from a function without environment, 30 s and 256 MiB
 */
export async function bundleFunction(
  stem: string,
  directory: string,
  changes: Partial<LocalFunction> = {},
): Promise<LocalFunction> {
  const outdir = join(directory, stem);
  await cp(join(await prepareBundles(), stem), outdir, { recursive: true });
  return {
    logicalId: stem,
    name: stem,
    arn: `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${stem}`,
    roleId: `${stem}-role`,
    directory: outdir,
    handler: 'index.handler',
    timeoutMs: 30_000,
    memoryMiB: 256,
    environment: {},
    ...changes,
  };
}
