/** `EnrichIndicators`: looks up a mixed list of indicators. */
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  type IChainable,
  Map as MapState,
  Pass,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { Playbook, type PlaybookProps } from './playbook.ts';
import { callStep } from './steps/call-step.ts';
import { errorOfCall, errorOutput } from './steps/error-output.ts';
import { noQuotaYet } from './steps/quota-wait.ts';

/** Functions that the playbook calls. */
export interface EnrichIndicatorsProps extends PlaybookProps {
  readonly classifyIndicators: IFunction;
  readonly fileReputation: IFunction;
  readonly ipReputation: IFunction;
  readonly domainReputation: IFunction;
  readonly urlReputation: IFunction;
  readonly keepReport: IFunction;
}

/** Retries of a call, within two minutes. A new account runs ten functions at once, a quarter of the items. */
const RETRIES = 3;

/**
 * Quota waits of an item: the fewer items, the more. So the history of an execution stays below its limit of
 * 25,000 events even if every call needs all its waits and retries. An item has 51 events, and a wait 11 with 3
 * more for each retry.
 */
const QUOTA_WAITS = '$floor(($floor(24500 / $quota.items) - 51) / 20)';

/**
 * Items at once, the most that an inline Map allows. Each takes its place in the line when it begins, so that
 * fewer at once would come to the end of the line more often.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
 */
const CONCURRENCY = 40;

/**
 * Takes `{ indicators, details?, cache? }` and returns `{ results, truncated }`. Each result has the indicator, its type,
 * and either `result` (a summary with the location of the full report) or `error` with a name.
 */
export class EnrichIndicators extends Playbook {
  constructor(scope: Construct, id: string, props: EnrichIndicatorsProps) {
    const { logGroup: _logGroup, failOnError: _failOnError, ...functions } = props;
    super(scope, id, props, {
      comment: 'Looks up a mixed list of up to 100 hashes, IP addresses, domains and URLs.',
      functions: Object.values(functions),
      define: (states) => define(states, props),
    });
  }
}

function define(states: Construct, props: EnrichIndicatorsProps): IChainable {
  const classify = callStep(states, 'ClassifyIndicators', {
    lambda: props.classifyIndicators,
    // Replaces the input, which may already reach the data limit of a state.
    resultPath: '$',
    errorPath: '$',
    quotaWaits: 0,
    onError: errorOutput(states, props),
  });
  const each = new MapState(states, 'Each indicator', {
    itemsPath: '$.items',
    itemSelector: {
      'item.$': '$$.Map.Item.Value',
      'index.$': '$$.Map.Item.Index',
      'details.$': '$.details',
      'cache.$': '$.cache',
      quota: { ...noQuotaYet, 'items.$': 'States.ArrayLength($.items)' },
    },
    maxConcurrency: CONCURRENCY,
    // Replaces the items; each result names its indicator.
    resultPath: '$.items',
  }).itemProcessor(itemSteps(states, props));
  const end = new Pass(states, 'Done', {
    parameters: { 'results.$': '$.items', 'truncated.$': '$.truncated' },
  });
  return classify.next(each).next(end);
}

/** Fields of every result. */
const itemFields = { 'indicator.$': '$.item.indicator', 'type.$': '$.item.type' };

function itemSteps(states: Construct, props: EnrichIndicatorsProps): IChainable {
  const onError = new Pass(states, 'Lookup failed', {
    parameters: { ...itemFields, error: errorOfCall },
  });
  const keep = keepStep(states, props.keepReport, onError);
  const lookUp = (name: string, lambda: IFunction, payload: Readonly<Record<string, string>>) =>
    callStep(states, name, {
      lambda,
      payload,
      resultPath: '$.report',
      fewRetries: RETRIES,
      quotaWaits: QUOTA_WAITS,
      onError,
    }).next(keep);
  const is = (type: string) => Condition.stringEquals('$.item.type', type);
  const indicator = '$.item.indicator';
  const withCache = { 'cache.$': '$.cache' };
  const withDetails = { 'details.$': '$.details', ...withCache };
  return new Choice(states, 'Indicator type?')
    .when(
      is('hash'),
      lookUp('FileReputation', props.fileReputation, { 'hash.$': indicator, ...withCache }),
    )
    .when(
      is('ip'),
      lookUp('IpReputation', props.ipReputation, { 'ip.$': indicator, ...withDetails }),
    )
    .when(
      is('domain'),
      lookUp('DomainReputation', props.domainReputation, { 'domain.$': indicator, ...withDetails }),
    )
    .when(
      is('url'),
      lookUp('UrlReputation', props.urlReputation, { 'url.$': indicator, ...withCache }),
    )
    .otherwise(notAnIndicator(states));
}

/** Stores the full report and continues with its summary. */
function keepStep(states: Construct, keepReport: IFunction, onError: IChainable): IChainable {
  const keep = callStep(states, 'KeepReport', {
    lambda: keepReport,
    payload: {
      'execution.$': '$$.Execution.Name',
      'index.$': '$.index',
      'type.$': '$.item.type',
      'report.$': '$.report',
    },
    // Replaces the full report, which may leave no room for more.
    resultPath: '$.report',
    errorPath: '$.report',
    fewRetries: RETRIES,
    quotaWaits: 0,
    onError,
  });
  return keep.next(
    new Pass(states, 'Lookup result', { parameters: { ...itemFields, 'result.$': '$.report' } }),
  );
}

function notAnIndicator(states: Construct): Pass {
  return new Pass(states, 'Not an indicator', {
    parameters: {
      ...itemFields,
      error: { name: 'InvalidInputError', 'message.$': '$.item.reason' },
    },
  });
}
