/** From an upload to its scan: rules of EventBridge, with what they could not deliver kept. */
import { Annotations, Aspects, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Bucket, CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { type ScanFilter, uploadPattern } from './upload-pattern.ts';

/** What the trigger connects. */
export interface UploadTriggerProps {
  /** Started with the event of each upload. */
  readonly scanUpload: IStateMachine;
  /** Told of executions that failed, so that they leave a record too. */
  readonly record: IFunction;
  /** Which uploads are scanned. @default - all */
  readonly filter?: ScanFilter;
}

/** How long EventBridge tries to deliver an event: its longest. */
const retry = { maxEventAge: Duration.hours(24), retryAttempts: 185 } as const;

/** Rules for the buckets that are scanned, and one for executions that failed. */
export class UploadTrigger extends Construct {
  /** Events that could not be delivered in a day, or whose function failed; they can be sent again. */
  readonly deadLetterQueue: Queue;
  readonly #props: UploadTriggerProps;

  constructor(scope: Construct, id: string, props: UploadTriggerProps) {
    super(scope, id);
    this.#props = props;
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const isOne = 'It is a dead-letter queue itself.';
    Validations.of(this.deadLetterQueue).acknowledge(
      { id: 'AwsSolutions-SQS3', reason: isOne },
      { id: 'Serverless-SQSRedrivePolicy', reason: isOne },
    );
    const failures = new Rule(this, 'FailedScans', {
      description: 'Scans of uploads that ended without a record',
      eventPattern: failedExecutions(props.scanUpload),
    });
    failures.addTarget(
      new LambdaFunction(props.record, { ...retry, deadLetterQueue: this.deadLetterQueue }),
    );
    this.keepFailures(props.record);
  }

  /**
   * Keeps the events of a function's asynchronous invocations that failed each time, which Lambda would
   * forget: the rule's own dead-letter queue has what could not be delivered.
   */
  keepFailures(lambda: IFunction): void {
    lambda.configureAsyncInvoke({
      onFailure: new SqsDestination(this.deadLetterQueue),
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
    });
  }

  /**
   * Scans what is uploaded to a bucket from now on.
   *
   * @param id - of the rule
   * @param bucket - created here, or imported: then its owner has to switch EventBridge on
   */
  addBucket(id: string, bucket: IBucket): void {
    const rule = new Rule(this, id, {
      description: 'Uploads that are scanned',
      eventPattern: uploadPattern(bucket.bucketName, this.#props.filter),
    });
    rule.addTarget(
      new SfnStateMachine(this.#props.scanUpload, {
        ...retry,
        deadLetterQueue: this.deadLetterQueue,
      }),
    );
    const resource = bucket.node.defaultChild;
    if (resource instanceof CfnBucket) {
      // The L2 property `eventBridgeEnabled` brings a function with a wide policy.
      resource.addPropertyOverride(
        'NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled',
        true,
      );
      Aspects.of(bucket).add({ visit: keepEventBridgeOn });
      return;
    }
    Annotations.of(this).addWarningV2(
      `virustotal-connector:eventBridgeOfBucket:${bucket.node.id}`,
      `the bucket of ${bucket.node.id} is not of this stack: uploads to it are scanned once its owner has switched EventBridge on (aws s3api put-bucket-notification-configuration --bucket NAME --notification-configuration '{"EventBridgeConfiguration":{}}', with the notifications that it has already)`,
    );
  }
}

/**
 * A bucket that has notifications by the CDK's own resource has no others, and that resource, which runs
 * later, would switch EventBridge off again. Whether it has some is known when the app is synthesised.
 */
function keepEventBridgeOn(node: IConstruct): void {
  if (!(node instanceof Bucket) || !node.node.tryFindChild('Notifications')) return;
  node.enableEventBridgeNotification();
}

function failedExecutions({ stateMachineArn }: IStateMachine): EventPattern {
  return {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: { stateMachineArn: [stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
  };
}
