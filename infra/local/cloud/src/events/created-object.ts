/** What S3 tells of an object that was created: to EventBridge, and as a notification. */
import { randomBytes } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { type BusEvent, busEvent, type EventOrigin } from './event.ts';

/** S3's APIs that create objects. */
export type CreationReason = 'PutObject' | 'POST Object' | 'CopyObject' | 'CompleteMultipartUpload';

/** An object that was created. */
export interface CreatedObject {
  readonly bucket: string;
  /** As it is, not encoded. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Left out when the bucket has no versions. */
  readonly versionId?: string;
  /** Hexadecimal; the later of two events of one key has the greater. */
  readonly sequencer: string;
  readonly reason: CreationReason;
  readonly time: Date;
  /** @default one that is made up */
  readonly requestId?: string;
  /** Account of the caller. @default the local account */
  readonly requester?: string;
  /** @default 127.0.0.1 */
  readonly sourceIp?: string;
}

/** The event `Object Created` (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html); its key is raw. */
export function objectCreatedEvent(object: CreatedObject, origin?: EventOrigin): BusEvent {
  const { bucket, key, size, etag, versionId, sequencer, reason, time } = object;
  return busEvent(
    {
      source: 'aws.s3',
      detailType: 'Object Created',
      resources: [bucketArn(bucket)],
      atMs: time.getTime(),
      detail: {
        version: '0',
        bucket: { name: bucket },
        object: {
          key,
          size,
          etag,
          ...(versionId === undefined ? {} : { 'version-id': versionId }),
          sequencer,
        },
        'request-id': object.requestId ?? requestId(),
        requester: object.requester ?? LOCAL_ACCOUNT,
        'source-ip-address': object.sourceIp ?? '127.0.0.1',
        reason,
      },
    },
    origin,
  );
}

/** Names of the creating APIs in notifications. */
const eventNames: Readonly<Record<CreationReason, string>> = {
  PutObject: 'ObjectCreated:Put',
  'POST Object': 'ObjectCreated:Post',
  CopyObject: 'ObjectCreated:Copy',
  CompleteMultipartUpload: 'ObjectCreated:CompleteMultipartUpload',
};

/** What a notification says besides the object. */
export interface NotificationOptions {
  /** Later minor versions only add fields, for other events. @default '2.1' */
  readonly eventVersion?: '2.1' | '2.2' | '2.3';
  /** Id of the bucket's notification configuration. @default 'local' */
  readonly configurationId?: string;
  readonly region?: string;
  /** Who created the object, and whose bucket it is. @default the local account for both */
  readonly principalId?: string;
  readonly ownerId?: string;
  /** @default one that is made up */
  readonly hostId?: string;
}

/** A notification's message. */
export interface S3Notification {
  readonly Records: readonly Readonly<Record<string, unknown>>[];
}

/**
 * The notification `s3:ObjectCreated:*`; its keys are form-encoded
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
 */
export function objectCreatedNotification(
  objects: readonly CreatedObject[],
  options: NotificationOptions = {},
): S3Notification {
  return { Records: objects.map((object) => recordOf(object, options)) };
}

function recordOf(object: CreatedObject, options: NotificationOptions) {
  const { bucket, key, size, etag, versionId, sequencer, reason, time } = object;
  return {
    eventVersion: options.eventVersion ?? '2.1',
    eventSource: 'aws:s3',
    awsRegion: options.region ?? LOCAL_REGION,
    eventTime: time.toISOString(),
    eventName: eventNames[reason],
    userIdentity: { principalId: options.principalId ?? LOCAL_ACCOUNT },
    requestParameters: { sourceIPAddress: object.sourceIp ?? '127.0.0.1' },
    responseElements: {
      'x-amz-request-id': object.requestId ?? requestId(),
      'x-amz-id-2': options.hostId ?? randomBytes(48).toString('base64'),
    },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: options.configurationId ?? 'local',
      bucket: {
        name: bucket,
        ownerIdentity: { principalId: options.ownerId ?? LOCAL_ACCOUNT },
        arn: bucketArn(bucket),
      },
      object: {
        key: formEncodedKey(key),
        size,
        eTag: etag,
        ...(versionId === undefined ? {} : { versionId }),
        sequencer,
      },
    },
  };
}

/** The message that S3 sends when notifications are set up. */
export function s3TestEvent(
  bucket: string,
  time: Date,
  ids: { request?: string; host?: string } = {},
) {
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: time.toISOString(),
    Bucket: bucket,
    RequestId: ids.request ?? requestId(),
    HostId: ids.host ?? randomBytes(48).toString('base64'),
  };
}

/** A key as notifications write it: form-encoded, `+` for a space, slashes as they are. */
export function formEncodedKey(key: string): string {
  const encoded = encodeURIComponent(key).replace(
    /[!'()~]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return encoded.replaceAll('%20', '+').replaceAll('%2F', '/');
}

function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

function requestId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}
