import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { waitForReport } from '../../../../infra/local/cli/wait-for-report.ts';

const REPORT = { response_code: 1, verbose_msg: 'done', positives: 3 };
const options = { pollMs: 10, speed: 100, fetch, signal: new AbortController().signal };

function answer(response: ServerResponse, status: number, json: unknown, retryAfter?: string) {
  if (retryAfter) response.setHeader('retry-after', retryAfter);
  response.writeHead(status).end(JSON.stringify(json));
}

/** Serves these answers, the last one for ever. */
async function serve(answers: readonly ((response: ServerResponse) => void)[]): Promise<string> {
  let requests = 0;
  const server = createServer((_request, response) => {
    const next = answers[Math.min(requests, answers.length - 1)];
    requests += 1;
    next?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}/`;
}

test('asks until there is a report', async () => {
  const url = await serve([
    (response) => answer(response, 200, { response_code: -2, verbose_msg: 'queued' }),
    (response) => answer(response, 200, REPORT),
  ]);
  expect(await waitForReport(url, options)).toEqual(REPORT);
});

test('waits as long as Retry-After says, on the clock of the run', async () => {
  const url = await serve([
    (response) => answer(response, 429, {}, '20'),
    (response) => answer(response, 200, REPORT),
  ]);
  const startedAt = performance.now();
  expect(await waitForReport(url, options)).toEqual(REPORT);
  const waitedMs = performance.now() - startedAt;
  expect(waitedMs).toBeGreaterThanOrEqual(195);
  expect(waitedMs).toBeLessThan(10_000);
});

test('fails with the status and body of an error', async () => {
  const url = await serve([(response) => answer(response, 502, { error: 'upstream' })]);
  await expect(waitForReport(url, options)).rejects.toThrow('HTTP 502 {"error":"upstream"}');
});

test('ends when it is aborted', async () => {
  const url = await serve([(response) => answer(response, 429, {}, '6000')]);
  const controller = new AbortController();
  const waiting = waitForReport(url, { ...options, signal: controller.signal });
  const failed = expect(waiting).rejects.toThrow(/abort/i);
  await sleep(50);
  controller.abort();
  await failed;
});
