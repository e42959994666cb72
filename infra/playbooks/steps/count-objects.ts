/** The end of a sweep: whether every batch was done. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Choice, Condition, type IChainable, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { backoff } from './call-step.ts';

/** Returns the ARNs of the Map Runs of a state machine, as a pattern. */
export function mapRunsOf(scope: Construct, machineName: string, label: string): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: `mapRun:${machineName}`,
    resourceName: `${label}:*`,
  });
}

/**
 * Ends with an error if batches failed, and with the number of objects otherwise.
 *
 * @param mapRuns - ARNs of the Map Runs that it may describe
 */
export function countObjects(states: Construct, mapRuns: string, onError: IChainable): IChainable {
  const count = new CallAwsService(states, 'Count objects', {
    service: 'sfn',
    action: 'describeMapRun',
    iamAction: 'states:DescribeMapRun',
    iamResources: [mapRuns],
    parameters: { 'MapRunArn.$': '$.run.MapRunArn' },
    resultSelector: { 'total.$': '$.ItemCounts.Total', 'succeeded.$': '$.ItemCounts.Succeeded' },
    resultPath: '$.count',
  });
  const maxDelay = Duration.minutes(5);
  count.addRetry({ ...backoff, errors: ['States.ALL'], maxAttempts: 10, maxDelay });
  const incomplete = new Pass(states, 'Batches are missing', {
    parameters: {
      name: 'UpstreamUnavailableError',
      cause: {
        'errorMessage.$':
          "States.Format('only {} of {} objects were examined; run it again (the failed batches are in {})', $.count.succeeded, $.count.total, $.run.MapRunArn)",
      },
    },
    resultPath: '$.error',
  });
  const done = new Pass(states, 'Done', {
    parameters: {
      'objects.$': '$.count.total',
      results: {
        'bucket.$': '$.run.ResultWriterDetails.Bucket',
        'key.$': '$.run.ResultWriterDetails.Key',
      },
    },
  });
  return count.next(
    new Choice(states, 'Every batch done?')
      .when(Condition.numberEqualsJsonPath('$.count.succeeded', '$.count.total'), done)
      .otherwise(incomplete.next(onError)),
  );
}
