/** Bundles one function: `node infra/bundle/write-bundle.ts ENTRY OUTDIR`. */
import { build } from 'esbuild';
import { bundleOptions } from './options.ts';

const [entry, outdir] = process.argv.slice(2);
if (!entry || !outdir) throw new Error('usage: write-bundle.ts ENTRY OUTDIR');
await build(bundleOptions(entry, outdir));
