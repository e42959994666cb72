/**
 * Entry point of a function's process: AWS's runtime interface client, with Node's HTTP client instead of
 * its native addon, which would have to be compiled. It is plain JavaScript because stripping types would
 * take longer than the cold start of an empty function.
 */
import { registerHooks } from 'node:module';
import { scaleTime } from './scale-time.mjs';

// An ESM import of node:http would load all of undici.
const http = process.getBuiltinModule('node:http');

// The process ends with its parent. It ignores signals to the whole group, such as Ctrl-C in a terminal:
// they reach the parent too, which decides whether to wait or to kill.
process.on('disconnect', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});

const clock = scaleTime(JSON.parse(process.env.LOCAL_CLOCK ?? 'null'));
delete process.env.LOCAL_CLOCK;

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true });

/** Calls the Runtime API (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). */
function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const options = { hostname, port, agent, method, path: `/2018-06-01/runtime${path}` };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ bodyJson: Buffer.concat(chunks).toString(), headers: response.headers }),
      );
    });
    request.on('error', reject).end(body);
  });
}

/** The interface of the addon: `next` waits, `done` and `error` send and do not wait. */
const client = {
  initializeClient() {},
  async next() {
    const invocation = await call('GET', '/invocation/next');
    clock.skippedMs = Number(invocation.headers['local-clock-skipped-ms']);
    return invocation;
  },
  done(id, body) {
    call('POST', `/invocation/${id}/response`, body).catch(() => process.exit(1));
  },
  // Without the headers for X-Ray: nothing reads them here, and long messages do not fit in a header.
  error(id, body) {
    call('POST', `/invocation/${id}/error`, body).catch(() => process.exit(1));
  },
};

const ADDON = 'local:rapid-client';
globalThis[Symbol.for(ADDON)] = client;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === './rapid-client.node'
      ? { url: ADDON, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === ADDON
      ? {
          format: 'commonjs',
          source: `module.exports = globalThis[Symbol.for('${ADDON}')]`,
          shortCircuit: true,
        }
      : next(url, context),
});

await import('aws-lambda-ric');
