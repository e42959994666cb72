/**
 * Metrics in the log: CloudWatch reads them from lines in its embedded metric format
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */

/** A metric. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  /** As CloudWatch writes it. @default 'Count' */
  readonly unit?: 'Count' | 'Bytes' | 'Seconds' | 'Milliseconds';
}

/** Namespace of all metrics of the connector. */
const NAMESPACE = 'VirusTotalConnector';

/**
 * Returns the members that make a log line one of metrics.
 *
 * @param stack - name of the stack, the only dimension
 * @param now - epoch milliseconds
 */
export function metricMembers(
  metrics: readonly Metric[],
  stack: string,
  now: number,
): Readonly<Record<string, unknown>> {
  return {
    _aws: {
      Timestamp: Math.floor(now),
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [['Stack']],
          Metrics: metrics.map(({ name, unit = 'Count' }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    Stack: stack,
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
  };
}
