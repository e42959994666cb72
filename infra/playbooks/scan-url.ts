/** `ScanUrl`: submits a URL, waits for the analysis, and returns report and verdict. */
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Choice, Condition, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { QUOTA_WAITS } from './one-operation.ts';
import { Playbook, type PlaybookProps } from './playbook.ts';
import { callStep } from './steps/call-step.ts';
import { errorOutput } from './steps/error-output.ts';
import { LOOK_QUOTA_PATH, lookStep, noLookYet, quarterOfAnHour } from './steps/look-step.ts';
import { noQuotaYet } from './steps/quota-wait.ts';

/** Functions that the playbook calls. */
export interface ScanUrlProps extends PlaybookProps {
  readonly submitUrl: IFunction;
  readonly urlReputation: IFunction;
}

/**
 * Takes `{ url }` and returns `{ outcome, scan_id, verdict, report }` or `{ error: { name, message } }`. The
 * outcome is `reported`, `pending` after 15 min, or `not-sent` for URLs that are never sent to VirusTotal.
 */
export class ScanUrl extends Playbook {
  constructor(scope: Construct, id: string, props: ScanUrlProps) {
    super(scope, id, props, {
      comment: 'Submits a URL, waits for its analysis, and returns report and verdict.',
      functions: [props.submitUrl, props.urlReputation],
      define: (states) => define(states, props),
    });
  }
}

function define(states: Construct, { submitUrl, urlReputation, ...props }: ScanUrlProps) {
  const onError = errorOutput(states, props);
  const call = { quotaWaits: QUOTA_WAITS / 2, onError };
  const begin = new Pass(states, 'Prepare input', {
    parameters: { 'input.$': '$', quota: noQuotaYet, look: noLookYet(quarterOfAnHour) },
  });
  const submit = callStep(states, 'SubmitUrl', {
    ...call,
    lambda: submitUrl,
    inputPath: '$.input',
    resultPath: '$.submission',
  });
  const byUrl = callStep(states, 'UrlReputation by URL', {
    ...call,
    // Lookups never send such a URL either, so they use no quota.
    quotaWaits: 0,
    lambda: urlReputation,
    inputPath: '$.input',
    resultPath: '$.report',
  });
  const byScanId = callStep(states, 'UrlReputation', {
    ...call,
    lambda: urlReputation,
    quotaPath: LOOK_QUOTA_PATH,
    payload: { 'scan_id.$': '$.submission.scan_id' },
    resultPath: '$.report',
  });
  const looks = lookStep(states, {
    pauses: quarterOfAnHour,
    onNone: outcome(states, 'Return pending', 'pending'),
    onReport: outcome(states, 'Done', 'reported'),
  });
  looks.look(byScanId.next(looks.seen));
  byUrl.next(outcome(states, 'Return not sent', 'not-sent'));
  const wasSent = new Choice(states, 'Submitted?')
    .when(Condition.isNull('$.submission.scan_id'), byUrl)
    .otherwise(looks.start);
  return begin.next(submit).next(wasSent);
}

function outcome(states: Construct, id: string, name: string): Pass {
  return new Pass(states, id, {
    parameters: {
      outcome: name,
      'scan_id.$': '$.submission.scan_id',
      'verdict.$': '$.report.verdict',
      'report.$': '$.report',
    },
  });
}
