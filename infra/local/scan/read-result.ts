/** Reads the outputs of the playbooks. */
import * as z from 'zod/mini';
import type { Ended } from './execution.ts';
import type { ScanResult } from './results.ts';

const error = z.object({ name: z.string(), message: z.string() });
const verdict = z.object({ value: z.string(), reasons: z.array(z.string()) });

/** `ScanUpload`: what was recorded, in short. */
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

/** The result of an execution. */
export function readResult(target: string, { status, output, error: code }: Ended): ScanResult {
  const result = (value: string, reason: string) => ({ target, verdict: value, reason, output });
  if (status !== 'SUCCEEDED') return result('failed', code ?? status);
  const upload = recorded.safeParse(output);
  if (upload.success) {
    const { outcome, reason, reasons, error: named } = upload.data;
    const why = named ? `${named.name}: ${named.message}` : reasons.join(' ');
    const words = reason ?? (why || outcome);
    return result(upload.data.verdict, words);
  }
  const list = enriched.safeParse(output);
  if (!list.success) return one(output, result);
  const [first] = list.data.results;
  if ('error' in first) return result('failed', `${first.error.name}: ${first.error.message}`);
  return result(first.result.verdict, first.result.reasons.join(' '));
}

function one(output: unknown, result: (value: string, reason: string) => ScanResult): ScanResult {
  const report = reported.safeParse(output);
  if (report.success) {
    return result(report.data.verdict.value, report.data.verdict.reasons.join(' '));
  }
  const fault = failed.safeParse(output);
  if (fault.success)
    return result('failed', `${fault.data.error.name}: ${fault.data.error.message}`);
  return result('failed', 'the output of the playbook cannot be understood');
}
