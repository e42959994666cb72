/** `npm run quota`: shows what is used and left of VirusTotal's quota, here or of a deployed stack. */
import { quotaCommand } from '../quota/command.ts';
import { localSigning } from './api-fetch.ts';
import { findRunning } from './running.ts';

process.exitCode = await quotaCommand(process.argv.slice(2), async (port) => {
  const { apiUrl, awsUrl, isSigned } = await findRunning(port);
  return { apiUrl, awsUrl, signs: isSigned, credentials: localSigning.credentials };
});
