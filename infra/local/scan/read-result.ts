/** Reads the outputs of the playbooks. */
import * as z from 'zod/mini';
import type { EndedExecution } from './execution.ts';
import type { ScanResult } from './results.ts';

const error = z.object({ name: z.string(), message: z.string() });
const verdict = z.object({ value: z.string(), reasons: z.array(z.string()) });

/** `ScanUpload`: a summary of what was recorded. */
const recorded = z.object({
  outcome: z.string(),
  verdict: z.string(),
  reason: z.nullable(z.string()),
  reasons: z.array(z.string()),
  error: z.nullable(error),
});
/** `ScanUrl`: a report, or an error. */
const reported = z.object({ verdict });
const failed = z.object({ error });
/** `EnrichIndicators`: a list of one, with a compact report or an error. */
const enriched = z.object({
  results: z.tuple([
    z.union([
      failed,
      z.object({ result: z.object({ verdict: z.string(), reasons: z.array(z.string()) }) }),
    ]),
  ]),
});

/** Reads the result from an execution's output. */
export function readResult(
  target: string,
  type: ScanResult['type'],
  execution: EndedExecution,
): ScanResult {
  const { output } = execution;
  return { target, type, ...readVerdict(execution), output };
}

/** A verdict, or `failed`, and why. */
type Verdict = Pick<ScanResult, 'verdict' | 'reason'>;

function readVerdict({ status, output, error: code }: EndedExecution): Verdict {
  if (status !== 'SUCCEEDED') return { verdict: 'failed', reason: code ?? status };
  const upload = recorded.safeParse(output);
  if (upload.success) {
    const { outcome, reason, reasons, error: scanError } = upload.data;
    const cause = scanError ? textOf(scanError) : reasons.join(' ');
    return { verdict: upload.data.verdict, reason: reason ?? (cause || outcome) };
  }
  const list = enriched.safeParse(output);
  if (list.success) return entryVerdict(list.data.results[0]);
  const report = reported.safeParse(output);
  if (report.success) {
    const { value, reasons } = report.data.verdict;
    return { verdict: value, reason: reasons.join(' ') };
  }
  const failure = failed.safeParse(output);
  if (failure.success) return { verdict: 'failed', reason: textOf(failure.data.error) };
  return { verdict: 'failed', reason: 'the playbook returned an unexpected output' };
}

function entryVerdict(entry: z.infer<typeof enriched>['results'][0]): Verdict {
  if ('error' in entry) return { verdict: 'failed', reason: textOf(entry.error) };
  return { verdict: entry.result.verdict, reason: entry.result.reasons.join(' ') };
}

function textOf({ name, message }: z.infer<typeof error>): string {
  return `${name}: ${message}`;
}
