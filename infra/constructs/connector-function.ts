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

/** What a function is made of. */
export interface ConnectorFunctionProps {
  /** The operation that the function performs; its stem names the source file. */
  readonly operation: Pick<Operation, 'id' | 'stem' | 'summary'>;
  /** Environment variables; only those that this function reads. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whole invocation. @default Duration.seconds(30) */
  readonly timeout?: Duration;
  /** Memory, MiB. @default 256 */
  readonly memorySize?: number;
  /** How long its log is kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

/** A Lambda function with a role and a log group of its own. */
export class ConnectorFunction extends Construct {
  /** The function. */
  readonly lambda: LambdaFunction;
  /** What the function may do. */
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
      'API Gateway, Step Functions and the SDK call synchronously: the caller gets the error. What is called asynchronously has a failure destination, or a source with a queue of its own.';
    Validations.of(this.lambda).acknowledge(
      { id: 'Serverless-LambdaDLQ', reason: callersRetry },
      { id: 'Serverless-LambdaAsyncFailureDestination', reason: callersRetry },
    );
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources: xray:PutTraceSegments and PutTelemetryRecords take * only.',
    });
  }
}
