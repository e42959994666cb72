/** What the function `find-unscanned` works with. */
import { createS3Client } from '../../aws/s3/s3-client.ts';
import { type Environment, parseEnvironment, requiredVariable } from '../../environment.ts';
import { parseJson } from '../../schema/parse-json.ts';
import type { SweepServices } from './find-unscanned.ts';
import { scanFilter } from './scan-filter.ts';

/** Creates the services. @throws Error if the filter's variable is not set or malformed */
export function createSweepServices(environment: Environment): SweepServices {
  const { SCAN_FILTER: filter } = parseEnvironment({ SCAN_FILTER: requiredVariable }, environment);
  return { s3: createS3Client(environment), filter: scanFilter.parse(parseJson(filter)) };
}
