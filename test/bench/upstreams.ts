/** Stand-ins for Secrets Manager, S3, DynamoDB and VirusTotal that answer at once: what is measured is the function. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { root } from './build.ts';
import { answerOfTable, STATE_TABLE } from './state-table.ts';

/** Servers on 127.0.0.1. */
export interface Upstreams {
  /** Environment of a function that uses them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Requests that VirusTotal's stand-in has answered. */
  readonly count: () => number;
  close(): void;
}

/** Starts both. The report is the fixture of a file, padded to about 100 KB as real ones are. */
export async function startUpstreams(): Promise<Upstreams> {
  const report = await paddedReport();
  let requests = 0;
  const virusTotal = createServer((_request, response) => {
    requests += 1;
    response.setHeader('content-type', 'application/json').end(report);
  });
  const aws = createServer((request, response) => {
    // S3 is asked for an object, Secrets Manager by POST.
    if (request.method === 'GET') {
      response.setHeader('etag', '"bench"').end('one object');
      return;
    }
    request.resume().on('end', () => {
      const target = String(request.headers['x-amz-target']);
      const secret = JSON.stringify({ ARN: 'arn', Name: 'key', SecretString: 'k'.repeat(64) });
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(target.startsWith('DynamoDB') ? answerOfTable(target) : secret);
    });
  });
  const [virusTotalUrl, awsUrl] = await Promise.all([listen(virusTotal), listen(aws)]);
  return {
    environment: {
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL: awsUrl,
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      VIRUSTOTAL_SERVER_URL: virusTotalUrl,
      VIRUSTOTAL_API_KEY_SECRET_ARN:
        'arn:aws:secretsmanager:us-east-1:000000000000:secret:key-abcdef',
      STATE_TABLE,
      LOG_LEVEL: 'error',
    },
    count: () => requests,
    close() {
      for (const server of [virusTotal, aws]) server.close().closeAllConnections();
    },
  };
}

/** A report of about 100 KB. Recorded ones have 30 to 200 KB, mostly attributes that the connector ignores. */
export async function paddedReport(bytes = 100_000): Promise<string> {
  const path = join(root, 'test/fixtures/virustotal/file-found.json');
  const report = JSON.parse(await readFile(path, 'utf8'));
  const given = Object.values<object>(report.data.attributes.last_analysis_results);
  for (let engine = 1; engine <= 70; engine += 1) {
    report.data.attributes.last_analysis_results[`Engine${engine}`] ??=
      given[engine % given.length];
  }
  const names: string[] = [];
  report.data.attributes.names = names;
  while (JSON.stringify(report).length < bytes) {
    names.push(...Array.from({ length: 50 }, (_, n) => `sample-name-${names.length + n}.exe`));
  }
  return JSON.stringify(report);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}
