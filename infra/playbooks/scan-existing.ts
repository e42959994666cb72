/** `ScanExisting`: scans what is in a bucket already. */
import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  Choice,
  Condition,
  DistributedMap,
  Fail,
  type IChainable,
  ItemBatcher,
  Map as MapState,
  Pass,
  type StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ConnectorConfig } from '../config.ts';
import { wildcardFinding } from '../wildcard-finding.ts';
import { type NamedStateMachine, namedStateMachine } from './fixed-name.ts';
import { Playbook, type PlaybookProps } from './playbook.ts';
import { callStep } from './steps/call-step.ts';
import { countObjects, mapRunsOf } from './steps/count-objects.ts';
import { errorOutput } from './steps/error-output.ts';
import { ListedObjects, SWEEPS, SweepResults } from './steps/list-and-results.ts';
import { scanObject } from './steps/scan-object.ts';

/** What the playbook calls. */
export interface ScanExistingProps extends PlaybookProps {
  /** Finds the objects without a verdict, in the buckets that it may act on. */
  readonly findUnscanned: { readonly lambda: IFunction; actOn(bucket: IBucket): void };
  readonly scanUpload: StateMachine;
  /** Receives the results. */
  readonly reportBucket: IBucket;
  /** Account type of the API key, which decides how many objects are scanned at once. */
  readonly tier: ConnectorConfig['tier'];
}

/** Name of the Map Run in ARNs. */
const LABEL = 'Batches';

/** Objects in a batch: enough that a bucket of scanned objects is passed quickly. */
export const BATCH_OBJECTS = 50;
/** Input of a batch, so that the longest keys leave room for the results, bytes. */
const BATCH_BYTES = 50_000;

/**
 * Batches at once, and scans at once in each. A scan waits for minutes, so 16 of them use the 4 requests a minute
 * of a public key. More would put a whole bucket into the line for the quota, before the uploads that come later.
 */
const concurrency = {
  public: { batches: 4, scans: 4 },
  premium: { batches: 20, scans: 10 },
} as const;

/**
 * Takes `{ bucket, prefix?, limit? }`, and starts `ScanUpload` for the current version of each object below the
 * prefix that has no verdict. Returns `{ objects, results }` when all are scanned: how many were looked at, and
 * where the list of their verdicts is. With `limit` it looks at that many objects.
 */
export class ScanExisting extends Playbook {
  readonly #findUnscanned: ScanExistingProps['findUnscanned'];

  constructor(scope: Construct, id: string, props: ScanExistingProps) {
    const named = namedStateMachine(scope, id);
    super(scope, id, props, {
      comment: 'Scans the objects in a bucket that have no verdict.',
      name: named.name,
      functions: [props.findUnscanned.lambda],
      // A large bucket waits for the quota for months; Step Functions ends executions after a year.
      timeout: Duration.days(360),
      define: (states) => define(states, props, named),
    });
    this.#findUnscanned = props.findUnscanned;
    this.#acknowledge(props, named);
  }

  /** Allows sweeps of a bucket. */
  allow(bucket: IBucket): void {
    this.#findUnscanned.actOn(bucket);
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    );
  }

  #acknowledge({ reportBucket, scanUpload }: ScanExistingProps, { name }: NamedStateMachine): void {
    const resources = [
      reportBucket.arnForObjects(`${SWEEPS}/*`),
      mapRunsOf(this, name, LABEL),
      executionsOf(scanUpload, '*'),
      executionsOf(this.stateMachine, ':*'),
      executionsOf(this.stateMachine, `/${LABEL}:*`),
    ];
    Validations.of(this.stateMachine).acknowledge(
      ...resources.map((resource) => ({
        id: wildcardFinding(this, resource),
        reason:
          'Results, Map Runs and executions of this playbook and of ScanUpload, whose names are not known in advance.',
      })),
    );
  }
}

/** Returns the ARNs of executions, as the CDK writes them. */
function executionsOf(machine: StateMachine, rest: string): string {
  const format = ArnFormat.COLON_RESOURCE_NAME;
  const stack = Stack.of(machine);
  const { resourceName } = stack.splitArn(machine.stateMachineArn, format);
  return stack.formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${resourceName}${rest}`,
    arnFormat: format,
  });
}

function define(states: Construct, props: ScanExistingProps, named: NamedStateMachine): IChainable {
  const onError = errorOutput(states, props);
  const begin = new Pass(states, 'Prepare input', { parameters: { 'input.$': '$' } });
  const check = callStep(states, 'Check input', {
    lambda: props.findUnscanned.lambda,
    inputPath: '$.input',
    resultPath: '$.sweep',
    quotaWaits: 0,
    onError,
  });
  const batches = batchesOf(states, props);
  batches.addCatch(
    new Pass(states, 'Batches failed', {
      parameters: { 'name.$': '$.error.Error', cause: { 'errorMessage.$': '$.error.Cause' } },
      resultPath: '$.error',
    }).next(onError),
    { errors: ['States.ALL'], resultPath: '$.error' },
  );
  const nothing = new Pass(states, 'Nothing to scan', {
    parameters: { objects: 0, results: null },
  });
  const next = new Choice(states, 'Any objects?')
    .when(Condition.booleanEquals('$.sweep.is_empty', true), nothing)
    .otherwise(batches.next(countObjects(states, mapRunsOf(states, named.name, LABEL), onError)));
  return begin.next(check).next(next);
}

function batchesOf(states: Construct, props: ScanExistingProps): DistributedMap {
  const { batches, scans } = concurrency[props.tier];
  const map = new DistributedMap(states, 'Each batch', {
    label: LABEL,
    itemReader: new ListedObjects({
      bucket: '$.sweep.bucket',
      prefix: '$.sweep.prefix',
      limit: '$.sweep.limit',
    }),
    itemBatcher: new ItemBatcher({
      maxItemsPerBatch: BATCH_OBJECTS,
      maxInputBytesPerBatch: BATCH_BYTES,
      batchInput: { 'bucket.$': '$.sweep.bucket' },
    }),
    maxConcurrency: batches,
    // What failed is counted below, once everything else is scanned.
    toleratedFailurePercentage: 100,
    resultWriterV2: new SweepResults(props.reportBucket),
    resultPath: '$.run',
  });
  return map.itemProcessor(batchSteps(states, props, scans));
}

function batchSteps(states: Construct, props: ScanExistingProps, scans: number): IChainable {
  const find = callStep(states, 'FindUnscanned', {
    lambda: props.findUnscanned.lambda,
    payload: { 'bucket.$': '$.BatchInput.bucket', 'objects.$': '$.Items' },
    resultPath: '$.found',
    retriesCrash: true,
    quotaWaits: 0,
    onError: new Fail(states, 'Batch failed', {
      errorPath: '$.error.name',
      causePath: '$.error.cause.errorMessage',
    }),
  });
  const each = new MapState(states, 'Each object without verdict', {
    itemsPath: '$.found.unscanned',
    itemSelector: { 'object.$': '$$.Map.Item.Value', 'bucket.$': '$.BatchInput.bucket' },
    maxConcurrency: scans,
    // Replaces the objects; each result names its object.
    resultPath: '$.found.unscanned',
  }).itemProcessor(scanObject(states, { ...props, findUnscanned: props.findUnscanned.lambda }));
  const results = new Pass(states, 'Batch results', {
    parameters: { 'scanned.$': '$.found.unscanned', 'left.$': '$.found.left' },
  });
  return find.next(each).next(results);
}
