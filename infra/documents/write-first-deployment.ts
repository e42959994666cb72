/** Writes docs/first-deployment.md; a test fails when it is stale. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { firstDeploymentPage } from './first-deployment.ts';

const path = join(import.meta.dirname, '../../docs/first-deployment.md');
await writeFile(path, firstDeploymentPage());
