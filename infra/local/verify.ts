/** `npm run verify`: proves a deployment, or the local run. */
import { verifyCommand } from '../verify/command.ts';
import { openLocalRun } from './verify/local-run.ts';

process.exitCode = await verifyCommand(process.argv.slice(2), openLocalRun);
