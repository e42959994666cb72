/** The functions' structured log: one JSON object a line, never with an indicator's URL or a key in it. */
import { Logger } from '@aws-lambda-powertools/logger';

/** The logger of this function; level by `POWERTOOLS_LOG_LEVEL`, default INFO. */
export const logger = new Logger({ serviceName: 'virustotal-connector' });
