/** What the functions and the API write about requests. */
import { urlReputation } from '../../../shared/operations/catalogue.ts';
import { callApi } from '../call-api.ts';
import { callAws } from '../call-aws.ts';
import type { Check } from '../check.ts';
import type { CheckContext } from '../context.ts';
import { fieldOf } from '../field-of.ts';
import { invokeForOutput } from '../invoke.ts';
import { LOG_PATIENCE_MS, linesSince, logGroupOf } from '../log-lines.ts';
import { CheckFailure, expectEqual, NotChecked, shown } from '../outcomes.ts';
import { poll } from '../polling.ts';
import { outputOf, resourceOf } from '../stack-of-account.ts';

/** A URL that occurs nowhere else; its address is private, so it is not sent to VirusTotal. */
const markedUrl = ({ runId }: CheckContext) =>
  `http://10.0.0.1/verify-${runId}?token=secret-${runId}`;

/** Lines are JSON, and have no URL that is looked up. */
export const logLines: Check = {
  id: 'log-lines',
  proves:
    'The functions write one JSON object per line, with level and time, and no line contains a URL that is looked up.',
  class: 'lookup',
  requests: 0,
  async run(context) {
    const since = Date.now();
    const url = markedUrl(context);
    const answer = await callApi(context, { path: `/urls?url=${encodeURIComponent(url)}` });
    expectEqual(answer.call, answer.status, 200);
    await invokeForOutput(context, urlReputation, { url });
    // The refusal quotes the input to its caller, but not to the log.
    await callApi(context, {
      path: `/urls?url=${encodeURIComponent(`${url} ${'x'.repeat(9000)}`)}`,
    });
    const group = await logGroupOf(context, outputOf(context.target, 'UrlReputationFunctionArn'));
    const lines = await poll(context, LOG_PATIENCE_MS, async () => {
      const found = await linesSince(context, group, since);
      return found.filter((line) => line.includes('url_reputation')).length >= 3
        ? found
        : undefined;
    });
    if (lines === undefined) {
      throw new CheckFailure(
        `${group}: got no lines on three calls within ${LOG_PATIENCE_MS / 1000} s`,
      );
    }
    for (const line of lines) expectLine(context, line);
    return `${lines.length} lines`;
  },
};

function expectLine({ runId }: CheckContext, line: string): void {
  const leaked = [`verify-${runId}`, `secret-${runId}`].find((text) => line.includes(text));
  if (leaked)
    throw new CheckFailure(`a log line contains the URL that is looked up: ${shown(line)}`);
  const entry = parsed(line);
  // Lambda's own lines (platform.report) have a type instead of a level.
  if (typeof fieldOf(entry, 'type') === 'string') return;
  for (const field of ['level', 'timestamp', 'message']) {
    if (typeof fieldOf(entry, field) === 'string') continue;
    throw new CheckFailure(`a log line is not a JSON object with ${field}: ${shown(line)}`);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const onlyAws = ({ target }: CheckContext) =>
  target.local ? 'only AWS has it; the local run does not' : undefined;

/** Cold starts and memory. */
export const coldStarts: Check = {
  id: 'cold-starts',
  proves:
    'Lambda reports the duration of cold starts, and no function comes close to its memory. Compare with the ratios in `docs/decisions.md`.',
  class: 'lookup',
  requests: 0,
  notFor: onlyAws,
  async run(context) {
    const group = await logGroupOf(context, outputOf(context.target, 'FileReputationFunctionArn'));
    const metrics = await poll(context, LOG_PATIENCE_MS, async () => {
      const lines = await linesSince(context, group, context.startedAt);
      const found = lines.map(parsed).flatMap((line) => {
        const isReport = fieldOf(line, 'type') === 'platform.report';
        return isReport ? [fieldOf(fieldOf(line, 'record'), 'metrics')] : [];
      });
      return found.length > 0 ? found : undefined;
    });
    if (!metrics) throw new CheckFailure(`${group}: got no platform.report of Lambda`);
    const numbers = (name: string) => metrics.map((each) => Number(fieldOf(each, name) ?? 0));
    const [used, size] = [
      Math.max(...numbers('maxMemoryUsedMB')),
      Math.max(...numbers('memorySizeMB')),
    ];
    if (used >= size) throw new CheckFailure(`file_reputation uses ${used} of ${size} MB`);
    const init = Math.max(...numbers('initDurationMs'));
    return `${init > 0 ? `cold start ${Math.round(init)} ms` : 'no cold start'}, ${used} of ${size} MB`;
  },
};

/** The access log. */
export const accessLog: Check = {
  id: 'access-log',
  proves: 'With `accountLogRole` set, the access log has requests, but neither path nor query.',
  class: 'lookup',
  requests: 0,
  notFor: (context) =>
    onlyAws(context) ??
    (context.target.resources.some(({ logicalId }) => /ApiAccessLog/.test(logicalId))
      ? undefined
      : 'the API has no access log (accountLogRole: none)'),
  async run(context) {
    const { physicalId } = resourceOf(context.target, 'AWS::Logs::LogGroup', /ApiAccessLog/);
    const since = Date.now();
    const url = markedUrl(context);
    await callApi(context, { path: `/urls?url=${encodeURIComponent(url)}` });
    const lines = await poll(context, LOG_PATIENCE_MS, async () => {
      const found = await linesSince(context, physicalId, since);
      return found.length > 0 ? found : undefined;
    });
    if (!lines) throw new CheckFailure(`${physicalId}: got no line on a request`);
    for (const line of lines) {
      const leaked = line.includes(context.runId) || /"(?:path|query)"/.test(line);
      if (leaked) throw new CheckFailure(`the access log has the path or query: ${shown(line)}`);
    }
    return `${lines.length} lines`;
  },
};

/** X-Ray. */
export const traces: Check = {
  id: 'traces',
  proves:
    'X-Ray has traces of Lambda, and no URL that is looked up. API Gateway is not traced, because its segments would hold the URL with its query.',
  class: 'lookup',
  requests: 0,
  notFor: onlyAws,
  async run(context) {
    const url = markedUrl(context);
    const since = Math.floor(Date.now() / 1000) - 5;
    await invokeForOutput(context, urlReputation, { url });
    const summaries = await poll(context, LOG_PATIENCE_MS, async () => {
      const input = { StartTime: since, EndTime: Math.floor(Date.now() / 1000) + 5 };
      const answer = await callAws(context.target, {
        service: 'xray',
        path: '/TraceSummaries',
        input,
      });
      const found = fieldOf(answer, 'TraceSummaries');
      return Array.isArray(found) && found.length > 0 ? found : undefined;
    });
    // Only some requests are sampled.
    if (!summaries) throw new NotChecked('X-Ray sampled none of the calls; run it again');
    const ids = summaries.slice(0, 5).map((summary) => fieldOf(summary, 'Id'));
    const input = { TraceIds: ids };
    const answer = await callAws(context.target, { service: 'xray', path: '/Traces', input });
    const text = JSON.stringify(answer);
    if (text.includes(context.runId))
      throw new CheckFailure('a trace contains the URL that is looked up');
    if (text.includes('AWS::ApiGateway')) throw new CheckFailure('API Gateway is traced');
    return `${ids.length} traces`;
  },
};
