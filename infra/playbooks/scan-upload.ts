/** `ScanUpload`: from an upload's event to its recorded verdict. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  Pass,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ErrorName } from '../../shared/errors.ts';
import { Playbook, type PlaybookProps } from './playbook.ts';
import { type CallStepProps, callStep } from './steps/call-step.ts';
import { errorOfCall } from './steps/error-output.ts';
import { isError } from './steps/is-error.ts';
import { day, noLookYet } from './steps/look-step.ts';
import { type CreateOutcome, outcomeSteps } from './steps/outcome-steps.ts';
import { noQuotaYet } from './steps/quota-wait.ts';
import { reportSteps } from './steps/report-steps.ts';

/** Functions that the playbook calls. */
export interface ScanUploadProps extends PlaybookProps {
  /** Receives the unchanged event and claims the object before it sends anything. */
  readonly submitFile: IFunction;
  readonly fileReputation: IFunction;
  /** Records the outcome; `shared/uploads/record/scan-outcome.ts` defines its input. */
  readonly record: IFunction;
}

/** Errors that make an object impossible to scan, now and on any retry. */
const cannotBeScanned: readonly ErrorName[] = [
  'ObjectTooLargeError',
  'ObjectNotFoundError',
  'ObjectAccessDeniedError',
];

/** Retries while Lambda is busy: half a day, because the event is not delivered again. */
const BUSY_RETRIES = 300;
/** More quota waits could exceed the limit of 25,000 history events. */
const SUBMISSION_QUOTA_WAITS = 600;

/** Retries and waits of the submission of an event, which is not delivered again. */
export const submissionRetries = {
  // The claim prevents sending the file twice.
  retriesCrash: true,
  // Retry for hours.
  patience: { attempts: 15, longestPause: Duration.minutes(15) },
  busyRetries: BUSY_RETRIES,
  // A permission that was just granted takes a while to be seen everywhere: 5 min on average.
  retries: [
    {
      errors: ['ObjectAccessDeniedError' satisfies ErrorName],
      interval: Duration.seconds(10),
      maxDelay: Duration.minutes(2),
      maxAttempts: 8,
    },
  ],
  quotaWaits: SUBMISSION_QUOTA_WAITS,
} as const satisfies Partial<CallStepProps>;

const NOT_AN_UPLOAD =
  "input: must be EventBridge's Object Created event with source (aws.s3), detail.bucket.name and detail.object.key";

/**
 * Takes EventBridge's `Object Created` event and returns what it recorded. The outcome is `reported`, `pending`
 * after 24 h, `skipped` with a reason, or `failed` with an error. An execution that fails could not record.
 */
export class ScanUpload extends Playbook {
  constructor(scope: Construct, id: string, props: ScanUploadProps) {
    super(scope, id, props, {
      comment: 'Scans an uploaded object and records its verdict.',
      functions: [props.submitFile, props.fileReputation, props.record],
      define: (states) => define(states, props),
    });
  }
}

function define(states: Construct, props: ScanUploadProps): IChainable {
  const outcome = outcomeSteps(states, { ...props, busyRetries: BUSY_RETRIES });
  const begin = new Pass(states, 'Prepare input', {
    parameters: { 'event.$': '$', quota: noQuotaYet, look: noLookYet(day) },
  });
  const submit = submitStep(states, props.submitFile, outcome);
  const report = reportSteps(states, { ...props, outcome, busyRetries: BUSY_RETRIES });
  const notYet = new Wait(states, 'Wait for concurrent submission', {
    time: WaitTime.secondsPath('$.submission.retryAfterSeconds'),
  });
  const was = (value: string) => Condition.stringEquals('$.submission.outcome', value);
  const next = new Choice(states, 'Submission outcome?')
    .when(was('in-progress'), notYet.next(submit))
    .when(
      was('skipped'),
      outcome('Submission skipped', { outcome: 'skipped', 'reason.$': '$.submission.reason' }),
    )
    // The file was not sent, so no analysis is known by its id.
    .when(Condition.isNull('$.submission.receipt.scan_id'), report.byHash)
    .when(was('known'), report.atOnce)
    .otherwise(report.afterPause);
  submit.next(next);
  const check = new Choice(states, 'Upload event?').when(isUpload(), submit).otherwise(
    outcome('Not an upload event', {
      outcome: 'failed',
      error: { name: 'InvalidInputError', message: NOT_AN_UPLOAD },
    }),
  );
  return begin.next(check);
}

/** Submits the file; an object that cannot be scanned is skipped. */
function submitStep(states: Construct, submitFile: IFunction, outcome: CreateOutcome) {
  return callStep(states, 'SubmitFile', {
    lambda: submitFile,
    inputPath: '$.event',
    resultPath: '$.submission',
    ...submissionRetries,
    onError: new Choice(states, 'Scannable?')
      .when(
        isError(cannotBeScanned),
        outcome('Not scannable', {
          outcome: 'skipped',
          'reason.$': '$.error.cause.errorMessage',
          error: errorOfCall,
        }),
      )
      .otherwise(outcome('Submission failed', { outcome: 'failed', error: errorOfCall })),
  });
}

/** Whether the input is EventBridge's event. SubmitFile accepts other inputs, with other answers. */
function isUpload(): Condition {
  const paths = ['source', 'detail.bucket.name', 'detail.object.key'].map((p) => `$.event.${p}`);
  const areTexts = paths.flatMap((path) => [Condition.isPresent(path), Condition.isString(path)]);
  return Condition.and(...areTexts, Condition.stringEquals('$.event.source', 'aws.s3'));
}
