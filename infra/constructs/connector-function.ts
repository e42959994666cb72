/** One operation as a Lambda function. */
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Operation } from '../../shared/operations/catalogue.ts';
import { bundledCode } from '../bundle/code.ts';

/** Settings of a function. */
export interface ConnectorFunctionProps {
  /** The operation that the function performs; its stem names the source file. */
  readonly operation: Pick<Operation, 'id' | 'stem' | 'summary'>;
  /** Environment variables: only those that this function reads. */
  readonly environment: Readonly<Record<string, string>>;
  /** Timeout of an invocation. @default Duration.seconds(30) */
  readonly timeout?: Duration;
  /** Memory in MiB. @default 256 */
  readonly memorySize?: number;
  /** Retention of its log. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** A Lambda function with its own role and log group. */
export class ConnectorFunction extends Construct {
  /** The function. */
  readonly lambda: LambdaFunction;
  /** The function's execution role. */
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ConnectorFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `${id} of the VirusTotal connector`,
    });
    logGroup.grantWrite(this.role);
    this.lambda = new LambdaFunction(this, 'Function', {
      code: bundledCode(props.operation.stem),
      handler: 'index.handler',
      description: props.operation.summary,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout ?? Duration.seconds(30),
      environment: { ...props.environment },
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
    });
    this.#acknowledge();
  }

  #acknowledge(): void {
    const callersRetry =
      'API Gateway, Step Functions and the SDK call synchronously, so the caller gets the error. Functions called asynchronously have a failure destination or a queue.';
    Validations.of(this.lambda).acknowledge(
      { id: 'Serverless-LambdaDLQ', reason: callersRetry },
      { id: 'Serverless-LambdaAsyncFailureDestination', reason: callersRetry },
    );
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'xray:PutTraceSegments and xray:PutTelemetryRecords accept only * as resource.',
    });
  }
}
