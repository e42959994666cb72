/** `npm run cache`: shows or clears what is kept of VirusTotal's answers, in a deployment or in the local run. */
import { cacheCommand } from '../cache/command.ts';
import { localSigning } from './api-fetch.ts';
import { findRunning } from './running.ts';

process.exitCode = await cacheCommand(process.argv.slice(2), async (port) => {
  const { apiUrl, awsUrl, isSigned: signs } = await findRunning(port);
  return { apiUrl, awsUrl, signs, credentials: localSigning.credentials };
});
