/** EventBridge rules that start a scan for each upload, with a dead-letter queue for undelivered events. */
import { Annotations, Aspects, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Bucket, CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { HANDOVER_PREFIX } from '../../shared/uploads/events/queue-batch.ts';
import type { ScanFilter } from '../../shared/uploads/sweep/scan-filter.ts';
import { requireOwnEvents } from './deployment-target.ts';
import { uploadPattern } from './upload-pattern.ts';

/** Targets and filter of the rules. */
export interface UploadTriggerProps {
  /** Playbook to start with the event of each upload. */
  readonly scanUpload: IStateMachine;
  /** Function to invoke for failed executions, so that they are recorded too. */
  readonly record: IFunction;
  /** Which uploads are scanned. @default - all */
  readonly filter?: ScanFilter;
}

/** Retry for as long as EventBridge allows. */
const retry = { maxEventAge: Duration.hours(24), retryAttempts: 185 } as const;

/** One rule for each scanned bucket, and one for failed executions. */
export class UploadTrigger extends Construct {
  /** Events that were not delivered within a day, or whose function or playbook failed. They can be redriven. */
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
    const isDeadLetterQueue = 'This is itself a dead-letter queue.';
    Validations.of(this.deadLetterQueue).acknowledge(
      { id: 'AwsSolutions-SQS3', reason: isDeadLetterQueue },
      { id: 'Serverless-SQSRedrivePolicy', reason: isDeadLetterQueue },
    );
    const failures = new Rule(this, 'FailedScans', {
      description: 'ScanUpload executions that ended without recording an outcome',
      eventPattern: failedExecutions(props.scanUpload),
    });
    failures.addTarget(
      new LambdaFunction(props.record, { ...retry, deadLetterQueue: this.deadLetterQueue }),
    );
    this.keepFailures(props.record);
  }

  /**
   * Sends the event of an asynchronous invocation to the dead-letter queue once all its attempts have failed;
   * Lambda would discard it. The rules' own dead-letter setting covers only events that were not delivered.
   */
  keepFailures(lambda: IFunction): void {
    lambda.configureAsyncInvoke({
      onFailure: new SqsDestination(this.deadLetterQueue),
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
    });
  }

  /**
   * Sends the status event of each failed execution that took over a message of a queue to the dead-letter
   * queue; its `detail.input` is the upload event. Does so once, however often it is called.
   *
   * @param submitFile - the playbook that takes messages over
   */
  keepFailedHandovers(submitFile: IStateMachine): void {
    const id = 'FailedHandovers';
    if (this.node.tryFindChild(id)) return;
    const rule = new Rule(this, id, {
      description: 'SubmitFile executions that could not submit what a queue handed over',
      eventPattern: failedExecutions(submitFile, { name: [{ prefix: HANDOVER_PREFIX }] }),
    });
    rule.addTarget(new SqsQueue(this.deadLetterQueue));
    Validations.of(rule).acknowledge({
      id: 'Serverless-EventBusDLQ',
      reason: 'The target is itself the dead-letter queue.',
    });
  }

  /**
   * Scans uploads to a bucket from now on.
   *
   * @param id - construct id of the rule
   * @param bucket - created here, or imported: its owner then has to enable EventBridge notifications
   * @param eventsAreForwarded - the bucket may be in another account or Region
   * @throws ConfigurationError if the bucket is elsewhere and its events are not forwarded
   */
  addBucket(id: string, bucket: IBucket, eventsAreForwarded = false): void {
    if (!eventsAreForwarded) requireOwnEvents(this, bucket);
    const rule = new Rule(this, id, {
      description: 'Starts ScanUpload for each upload',
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
      // The L2 property `eventBridgeEnabled` would add a custom resource function with a broad policy.
      resource.addPropertyOverride(
        'NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled',
        true,
      );
      Aspects.of(bucket).add({ visit: keepEventBridgeOn });
      return;
    }
    Annotations.of(this).addWarningV2(
      `virustotal-connector:eventBridgeOfBucket:${bucket.node.id}`,
      `${bucket.node.id} is an imported bucket, so its owner has to enable EventBridge notifications before uploads are scanned: aws s3api put-bucket-notification-configuration --bucket NAME --notification-configuration '{"EventBridgeConfiguration":{}}' (include the notifications that the bucket already has, which the call replaces). It takes effect after about five minutes: earlier uploads, and objects that are there already, are not scanned (docs/first-deployment.md)`,
    );
  }
}

/**
 * CDK writes notifications added to a bucket through a custom resource. It replaces the whole configuration
 * after the bucket is created, and would disable EventBridge again. Whether a bucket has such notifications is
 * known only at synthesis.
 */
function keepEventBridgeOn(node: IConstruct): void {
  if (!(node instanceof Bucket) || !node.node.tryFindChild('Notifications')) return;
  node.enableEventBridgeNotification();
}

function failedExecutions(
  { stateMachineArn }: IStateMachine,
  detail: EventPattern['detail'] = {},
): EventPattern {
  return {
    source: ['aws.states'],
    detailType: ['Step Functions Execution Status Change'],
    detail: {
      stateMachineArn: [stateMachineArn],
      status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
      ...detail,
    },
  };
}
