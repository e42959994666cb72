/** Builds the bundles of all functions: `node infra/bundle/write-bundles.ts`. */
import { prepareBundles } from './bundle-cache.ts';

await prepareBundles();
