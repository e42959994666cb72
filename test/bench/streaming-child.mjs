/** Runs one submission or one raw pipe in a separate process, and reports its time and peak memory. */
import http from 'node:http';
import { pipeline } from 'node:stream/promises';

const [mode, file, size] = process.argv.slice(2);
const s3 = process.env.AWS_ENDPOINT_URL_S3;
const virusTotal = process.env.VIRUSTOTAL_SERVER_URL;

/** The floor: the object's bytes from one connection to the other, nothing looked at. */
async function rawPipe() {
  const source = await new Promise((resolve) => http.get(`${s3}/bucket/key`, resolve));
  const sink = http.request(`${virusTotal}/upload`, {
    method: 'POST',
    headers: { 'content-length': size },
  });
  const answer = new Promise((resolve) => sink.once('response', resolve));
  await pipeline(source, sink);
  (await answer).resume();
}

const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 890_000 };
const { handler } = mode === 'pipe' ? {} : await import(file);
const startedAt = performance.now();
const output =
  mode === 'pipe' ? await rawPipe() : await handler({ bucket: 'bucket', key: 'key' }, context);
const seconds = (performance.now() - startedAt) / 1000;
if (mode !== 'pipe' && output.response_code !== 1) throw new Error('not submitted');
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
const result = { seconds, peakMiB: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
process.stdout.write(`${JSON.stringify({ ...result, sha256: output?.sha256 ?? null })}\n`, () =>
  process.exit(0),
);
