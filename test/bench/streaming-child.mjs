/** Runs one submission, one raw pipe or three digests in a separate process; reports time, CPU and peak memory. */
import { createHash } from 'node:crypto';
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

/** What three digests cost by themselves, in pieces as they come from a connection. */
async function digests() {
  const chunk = Buffer.alloc(64 * 1024, 'simulated sample ');
  const hashes = ['md5', 'sha1', 'sha256'].map((name) => createHash(name));
  for (let left = Number(size); left > 0; left -= chunk.length) {
    const part = left >= chunk.length ? chunk : chunk.subarray(0, left);
    for (const hash of hashes) hash.update(part);
  }
  return hashes.map((hash) => hash.digest('hex'));
}

const ways = { pipe: rawPipe, digests };
const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 890_000 };
const { handler } = mode === 'function' ? await import(file) : {};
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const output = await (ways[mode]?.() ?? handler({ bucket: 'bucket', key: 'key' }, context));
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
if (mode === 'function' && output.response_code !== 1) throw new Error('not submitted');
const { maxRSS } = process.resourceUsage();
const result = { seconds, peakMiB: maxRSS / 1024, cpuSeconds: (user + system) / 1e6 };
process.stdout.write(`${JSON.stringify({ ...result, sha256: output?.sha256 ?? null })}\n`, () =>
  process.exit(0),
);
