/** Sends the notifications of buckets to functions and queues. */
import type { ObjectCreated } from '../aws/s3/s3.ts';
import { eventNameOf, objectCreatedNotification, s3TestEvent } from '../events/created-object.ts';
import { isNotified, type LocalNotification } from '../template/views/notification-rules.ts';

/** The result of one notification. */
export interface NotificationReport {
  readonly bucket: string;
  readonly targetArn: string;
  /** Why it was not sent. */
  readonly error?: string;
}

export interface NotifierOptions {
  readonly notifications: readonly LocalNotification[];
  readonly now: () => number;
  /** Gives a target its input, JSON text. Functions are invoked asynchronously, with Lambda's retries. */
  readonly deliver: (targetArn: string, payload: string, traceHeader?: string) => Promise<void>;
  readonly onNotification?: (report: NotificationReport) => void;
}

export interface Notifier {
  /** Sends the test messages with which S3 checks its queues. */
  test(): Promise<void>;
  /** Sends notifications of an object, in the background. */
  send(object: ObjectCreated): void;
}

export function createNotifier(options: NotifierOptions): Notifier {
  const { notifications, now } = options;
  return {
    async test() {
      const queues = notifications.filter(
        ({ isTested, targetArn }) => isTested && targetArn.startsWith('arn:aws:sqs:'),
      );
      for (const notification of queues) {
        await deliver(options, notification, s3TestEvent(notification.bucket, new Date(now())));
      }
    },
    send(object) {
      const { traceHeader, ...created }: ObjectCreated = object;
      for (const notification of notifications) {
        const { bucket, id: configurationId } = notification;
        if (bucket !== object.bucket) continue;
        if (!isNotified(notification, eventNameOf(object.reason), object.key)) continue;
        const event = objectCreatedNotification([created], { configurationId });
        void deliver(options, notification, event, traceHeader);
      }
    },
  };
}

async function deliver(
  { deliver, onNotification }: NotifierOptions,
  { bucket, targetArn }: LocalNotification,
  message: object,
  traceHeader?: string,
): Promise<void> {
  try {
    await deliver(targetArn, JSON.stringify(message), traceHeader);
    onNotification?.({ bucket, targetArn });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onNotification?.({ bucket, targetArn, error: reason });
  }
}
