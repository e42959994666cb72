/** Scans one object of a sweep with `ScanUpload`, and waits for its verdict. */
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  IntegrationPattern,
  type IStateMachine,
  JsonPath,
  Pass,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { backoff, callStep } from './call-step.ts';
import { errorOfCall } from './error-output.ts';

/** What scans, and what looks again. */
export interface ScanObjectProps {
  readonly scanUpload: IStateMachine;
  readonly findUnscanned: IFunction;
}

/**
 * An execution of that name has ended, or runs with another input.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
const EXISTS = [
  'StepFunctions.ExecutionAlreadyExistsException',
  'StepFunctions.ExecutionAlreadyExists',
];

/** Step Functions refuses the start for the moment. */
const BUSY = [
  'StepFunctions.AWSStepFunctionsException',
  'StepFunctions.ExecutionLimitExceededException',
  'StepFunctions.SdkClientException',
  'StepFunctions.ThrottlingException',
];

/** Fields of every result. */
const common = { 'key.$': '$.object.listed.Key', 'version_id.$': '$.object.version_id' };
const noScan = { reasons: [] };
const FAILED = 'ScanUpload did not succeed for this object; see its executions';

/**
 * Creates the states. The execution's name is that of the object's version: of two sweeps at once, the second
 * waits for the execution of the first. If that one has ended, the object may have its verdict by now; otherwise
 * it is scanned again, under another name.
 *
 * @returns the first state; its input is `{ bucket, object }`
 */
export function scanObject(states: Construct, props: ScanObjectProps): IChainable {
  const scanned = new Pass(states, 'Scanned', {
    parameters: {
      ...common,
      ...Object.fromEntries(scanFields.map((name) => [`${name}.$`, `$.scan.${name}`])),
    },
  });
  const failed = new Pass(states, 'Scan failed', {
    parameters: {
      ...common,
      ...noScan,
      outcome: 'failed',
      error: { 'name.$': '$.error.Error', message: FAILED },
    },
  });
  const first = startScan(states, 'ScanUpload', props, JsonPath.stringAt('$.object.name'));
  const second = startScan(states, 'ScanUpload again', props);
  first.addCatch(lookAgain(states, props, second), { errors: EXISTS, resultPath: '$.error' });
  for (const start of [first, second]) {
    start.addCatch(failed, { errors: ['States.ALL'], resultPath: '$.error' });
    start.next(scanned);
  }
  return first;
}

/** Fields of the scan's output that a result has. */
const scanFields = ['outcome', 'verdict', 'reason', 'reasons', 'error'] as const;

function startScan(
  states: Construct,
  id: string,
  { scanUpload }: ScanObjectProps,
  name?: string,
): StepFunctionsStartExecution {
  const task = new StepFunctionsStartExecution(states, id, {
    stateMachine: scanUpload,
    integrationPattern: IntegrationPattern.RUN_JOB,
    // RecordVerdict accepts only this event as the execution's input, so nothing is added to it.
    input: TaskInput.fromJsonPathAt('$.object.event'),
    name,
    resultSelector: Object.fromEntries(
      scanFields.map((field) => [`${field}.$`, `$.Output.${field}`]),
    ),
    resultPath: '$.scan',
  });
  task.addRetry({ ...backoff, errors: BUSY, maxAttempts: 10 });
  return task;
}

function lookAgain(
  states: Construct,
  { findUnscanned }: ScanObjectProps,
  scanAgain: IChainable,
): IChainable {
  const look = callStep(states, 'Look again', {
    lambda: findUnscanned,
    payload: { 'bucket.$': '$.bucket', 'objects.$': 'States.Array($.object.listed)' },
    resultPath: '$.again',
    quotaWaits: 0,
    onError: new Pass(states, 'Not found again', {
      parameters: { ...common, ...noScan, outcome: 'failed', error: errorOfCall },
    }),
  });
  const found = new Pass(states, 'Scanned by now', {
    parameters: {
      ...common,
      'outcome.$': '$.again.left[0].outcome',
      'verdict.$': '$.again.left[0].verdict',
      ...noScan,
      'error.$': '$.again.left[0].error',
    },
  });
  return look.next(
    new Choice(states, 'Still without verdict?')
      .when(Condition.isPresent('$.again.unscanned[0]'), scanAgain)
      .otherwise(found),
  );
}
