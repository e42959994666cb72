/** `EnrichIndicators`: reputations of a mixed list of indicators. */
import { Duration } from 'aws-cdk-lib';
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
import { callStep, noQuotaYet } from './steps/call-step.ts';
import { errorOfCall, errorOutput } from './steps/error-output.ts';

/** The functions that it calls. */
export interface EnrichIndicatorsProps extends PlaybookProps {
  readonly classifyIndicators: IFunction;
  readonly fileReputation: IFunction;
  readonly ipReputation: IFunction;
  readonly domainReputation: IFunction;
  readonly urlReputation: IFunction;
  readonly keepReport: IFunction;
}

/** Waits for the quota per item: with a hundred items, the history stays under its 25,000 events. */
export const QUOTA_WAITS = 15;

/**
 * Takes `{ indicators, details? }`; ends with `{ results, truncated }`, where each result has the indicator,
 * its type, and either `result` (in short, with the address of the whole report) or `error` with a name.
 */
export class EnrichIndicators extends Playbook {
  constructor(scope: Construct, id: string, props: EnrichIndicatorsProps) {
    const { logGroup: _logGroup, ...functions } = props;
    super(scope, id, props, {
      comment: 'Looks up a mixed list of up to 100 hashes, IP addresses, domains and URLs.',
      functions: Object.values(functions),
      timeout: Duration.days(7),
      define: (states) => define(states, props),
    });
  }
}

function define(states: Construct, props: EnrichIndicatorsProps): IChainable {
  const classify = callStep(states, 'ClassifyIndicators', {
    lambda: props.classifyIndicators,
    // In place of the input, which may be as long as a state's can be.
    resultPath: '$',
    errorPath: '$',
    quotaWaits: 0,
    onError: errorOutput(states),
  });
  const each = new MapState(states, 'Each indicator', {
    itemsPath: '$.items',
    itemSelector: {
      'item.$': '$$.Map.Item.Value',
      'index.$': '$$.Map.Item.Index',
      'details.$': '$.details',
      quota: noQuotaYet,
    },
    // VirusTotal's public quota is 4 requests a minute.
    maxConcurrency: 4,
    // In place of the items: each is named in its result.
    resultPath: '$.items',
  }).itemProcessor(itemSteps(states, props));
  const end = new Pass(states, 'Done', {
    parameters: { 'results.$': '$.items', 'truncated.$': '$.truncated' },
  });
  return classify.next(each).next(end);
}

/** What is told of every item. */
const named = { 'indicator.$': '$.item.indicator', 'type.$': '$.item.type' };

function itemSteps(states: Construct, props: EnrichIndicatorsProps): IChainable {
  const onError = new Pass(states, 'Lookup failed', {
    parameters: { ...named, error: errorOfCall },
  });
  const keep = callStep(states, 'KeepReport', {
    lambda: props.keepReport,
    payload: {
      'execution.$': '$$.Execution.Name',
      'index.$': '$.index',
      'type.$': '$.item.type',
      'report.$': '$.report',
    },
    // In place of the whole report, which may leave no room for more.
    resultPath: '$.report',
    errorPath: '$.report',
    quotaWaits: 0,
    onError,
  });
  keep.next(
    new Pass(states, 'Lookup result', { parameters: { ...named, 'result.$': '$.report' } }),
  );
  const lookUp = (name: string, lambda: IFunction, payload: Readonly<Record<string, string>>) =>
    callStep(states, name, {
      lambda,
      payload,
      resultPath: '$.report',
      quotaWaits: QUOTA_WAITS,
      onError,
    }).next(keep);
  const is = (type: string) => Condition.stringEquals('$.item.type', type);
  const given = '$.item.indicator';
  const withDetails = { 'details.$': '$.details' };
  return new Choice(states, 'Indicator type?')
    .when(is('hash'), lookUp('FileReputation', props.fileReputation, { 'hash.$': given }))
    .when(is('ip'), lookUp('IpReputation', props.ipReputation, { 'ip.$': given, ...withDetails }))
    .when(
      is('domain'),
      lookUp('DomainReputation', props.domainReputation, { 'domain.$': given, ...withDetails }),
    )
    .when(is('url'), lookUp('UrlReputation', props.urlReputation, { 'url.$': given }))
    .otherwise(
      new Pass(states, 'Not an indicator', {
        parameters: {
          ...named,
          error: { name: 'InvalidInputError', 'message.$': '$.item.reason' },
        },
      }),
    );
}
