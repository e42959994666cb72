/** `npm start`: runs the connector on this machine. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Compiled code is kept between starts: loading it is faster, and needs less memory.
enableCompileCache(join(import.meta.dirname, '../../.local/compile-cache'));
const { main } = await import('./cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
