import { Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';

/** Deploy it in the account and Region of the bucket. */
export class ForwardUploads extends Stack {
  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { bucketName: string; busArn: string },
  ) {
    super(scope, id, props);
    const { bucketName, busArn } = props;
    // The default bus of the connector: arn:aws:events:REGION:ACCOUNT:event-bus/default
    const bus = EventBus.fromEventBusArn(this, 'ConnectorBus', busArn);
    new Rule(this, 'ForwardUploads', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [bucketName] } },
      },
      targets: [new EventBusTarget(bus)],
    });
  }
}
