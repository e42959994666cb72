/** The lookups of `ScanUpload`: by the analysis, or by the file's hash. */
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Choice, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ErrorName } from '../../../shared/errors.ts';
import { type CallStepProps, callStep } from './call-step.ts';
import { errorOfCall } from './error-output.ts';
import { isError } from './is-error.ts';
import { day, LOOK_QUOTA_PATH, lookStep } from './look-step.ts';
import type { CreateOutcome } from './outcome-steps.ts';

/** More quota waits could exceed the limit of 25,000 history events. */
const LOOKUP_QUOTA_WAITS = 300;

const unreachable: readonly ErrorName[] = ['UpstreamUnavailableError', 'UpstreamTimeoutError'];

/** Props of the lookups. */
export interface ReportStepsProps {
  readonly fileReputation: IFunction;
  /** Retries while Lambda is busy. */
  readonly busyRetries: number;
  readonly outcome: CreateOutcome;
}

/** First states of the lookups. */
export interface ReportSteps {
  /** Looks up the hash. */
  readonly byHash: IChainable;
  /** Looks up the analysis. */
  readonly atOnce: IChainable;
  /** Looks up the analysis after a pause. */
  readonly afterPause: IChainable;
}

/**
 * Looks up the report: at once for a known file, otherwise by polling. Without a scan_id the hash is looked up; a
 * file whose analysis was running before it was sent is polled in the same way.
 */
export function reportSteps(
  states: Construct,
  { fileReputation, busyRetries, outcome }: ReportStepsProps,
): ReportSteps {
  const scanned = {
    'scan_id.$': '$.submission.receipt.scan_id',
    'receipt.$': '$.submission.receipt',
  };
  const reported = { ...scanned, outcome: 'reported', 'report.$': '$.report' } as const;
  const failed = { ...scanned, outcome: 'failed', error: errorOfCall } as const;
  const onNone = outcome('Analysis still pending', { ...scanned, outcome: 'pending' });
  const pollingOf = (names: LookupNames, payload: CallStepProps['payload']) => {
    const onReport = outcome(names.found, reported);
    const looks = lookStep(states, { prefix: names.prefix, pauses: day, onNone, onReport });
    const look = callStep(states, names.call, {
      lambda: fileReputation,
      payload,
      resultPath: '$.report',
      retriesCrash: true,
      busyRetries,
      quotaWaits: LOOKUP_QUOTA_WAITS,
      quotaPath: LOOK_QUOTA_PATH,
      onError: new Choice(states, names.retry)
        .when(isError(unreachable), looks.start)
        .otherwise(outcome(names.failed, failed)),
    });
    looks.look(look.next(looks.seen));
    return { atOnce: look, afterPause: looks.start };
  };
  const { atOnce, afterPause } = pollingOf(lookupByScanId, {
    'scan_id.$': '$.submission.receipt.scan_id',
  });
  const byHash = pollingOf(lookupByHash, { 'hash.$': '$.submission.receipt.sha256' }).atOnce;
  return { byHash, atOnce, afterPause };
}

/** Names of the states of one kind of lookup. */
type LookupNames = Readonly<Record<'call' | 'retry' | 'found' | 'failed', string>> & {
  readonly prefix?: string;
};

const lookupByScanId: LookupNames = {
  call: 'FileReputation',
  retry: 'Retry lookup?',
  found: 'Report found',
  failed: 'Report lookup failed',
};

const lookupByHash: LookupNames = {
  prefix: 'By hash',
  call: 'FileReputation by hash',
  retry: 'Retry hash lookup?',
  found: 'Known file reported',
  failed: 'Hash lookup failed',
};
