/** Functions that only playbooks call. */
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ConnectorFunction, type ConnectorFunctionProps } from './connector-function.ts';
import type { ReportBucket } from './report-bucket.ts';

/** Resources and settings of the functions. */
export interface PlaybookFunctionsProps {
  readonly reportBucket: ReportBucket;
  /** Retention of their logs. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

const classifyIndicators: ConnectorFunctionProps['operation'] = {
  id: 'ClassifyIndicators',
  stem: 'classify-indicators',
  summary: 'Detects the types of a mixed list of indicators.',
};
const keepReport: ConnectorFunctionProps['operation'] = {
  id: 'KeepReport',
  stem: 'keep-report',
  summary: 'Stores a full report in the report bucket and returns a summary.',
};

/** Creates the functions. */
export function createPlaybookFunctions(
  scope: Construct,
  { reportBucket, logRetention }: PlaybookFunctionsProps,
): { readonly classifyIndicators: IFunction; readonly keepReport: IFunction } {
  const create = (
    operation: ConnectorFunctionProps['operation'],
    environment: Readonly<Record<string, string>>,
  ) => new ConnectorFunction(scope, operation.id, { operation, environment, logRetention });
  const keep = create(keepReport, { REPORT_BUCKET: reportBucket.bucketName });
  reportBucket.writeFrom(keep, 'enrichments/');
  return { classifyIndicators: create(classifyIndicators, {}).lambda, keepReport: keep.lambda };
}
