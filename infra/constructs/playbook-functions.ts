/** Functions that only playbooks call. */
import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ScanFilter } from '../../shared/uploads/sweep/scan-filter.ts';
import { wildcardFinding } from '../wildcard-finding.ts';
import { ConnectorFunction, type ConnectorFunctionProps } from './connector-function.ts';
import type { ReportBucket } from './report-bucket.ts';

/** Resources and settings of the functions. */
export interface PlaybookFunctionsProps {
  readonly reportBucket: ReportBucket;
  /** Which uploads are scanned. @default - all */
  readonly scanFilter?: ScanFilter | undefined;
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

/** Lambda function that finds objects without a verdict, in the buckets whose uploads are scanned. */
export class FindUnscanned extends ConnectorFunction {
  constructor(
    scope: Construct,
    id: string,
    { scanFilter = {}, logRetention }: Pick<PlaybookFunctionsProps, 'scanFilter' | 'logRetention'>,
  ) {
    super(scope, id, {
      operation: {
        id,
        stem: 'find-unscanned',
        summary: 'Finds objects of a bucket that have no verdict.',
      },
      environment: { SCAN_FILTER: JSON.stringify(scanFilter) },
      logRetention,
    });
  }

  /** Lets the function list a bucket and read the tags of its objects, but not the objects. */
  actOn(bucket: IBucket): void {
    const objects = bucket.arnForObjects('*');
    const statements = [
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
      new PolicyStatement({ actions: ['s3:GetObjectTagging'], resources: [objects] }),
    ];
    for (const statement of statements) this.role.addToPrincipalPolicy(statement);
    Validations.of(this.role).acknowledge({
      id: wildcardFinding(this, objects),
      reason: 'Any object of the bucket may have a verdict; keys are not known in advance.',
    });
  }
}

/** The functions. */
export interface PlaybookFunctions {
  readonly classifyIndicators: IFunction;
  readonly keepReport: IFunction;
  readonly findUnscanned: FindUnscanned;
}

/** Creates the functions. */
export function createPlaybookFunctions(
  scope: Construct,
  { reportBucket, scanFilter, logRetention }: PlaybookFunctionsProps,
): PlaybookFunctions {
  const create = (
    operation: ConnectorFunctionProps['operation'],
    environment: Readonly<Record<string, string>>,
  ) => new ConnectorFunction(scope, operation.id, { operation, environment, logRetention });
  const keep = create(keepReport, { REPORT_BUCKET: reportBucket.bucketName });
  reportBucket.writeFrom(keep, 'enrichments/');
  const classify = create(classifyIndicators, {});
  const findUnscanned = new FindUnscanned(scope, 'FindUnscanned', { scanFilter, logRetention });
  return { classifyIndicators: classify.lambda, keepReport: keep.lambda, findUnscanned };
}
