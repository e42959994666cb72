/** S3's messages about a created object: the EventBridge event and the notification. */
import { randomBytes } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { type BusEvent, busEvent, type EventOrigin } from './event.ts';

/** The S3 operations that create objects. */
export type CreationReason = 'PutObject' | 'POST Object' | 'CopyObject' | 'CompleteMultipartUpload';

export interface CreatedObject {
  readonly bucket: string;
  /** Not encoded. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Absent if the bucket is not versioned. */
  readonly versionId?: string;
  /** Hexadecimal; of two events with the same key, the later has the greater value. */
  readonly sequencer: string;
  readonly reason: CreationReason;
  readonly time: Date;
  /** @default random */
  readonly requestId?: string;
  /** Account that made the request. @default the local account */
  readonly requester?: string;
  /** @default 127.0.0.1 */
  readonly sourceIp?: string;
}

/** The event `Object Created` (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html); its key is not encoded. */
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

const eventNames: Readonly<Record<CreationReason, string>> = {
  PutObject: 'ObjectCreated:Put',
  'POST Object': 'ObjectCreated:Post',
  CopyObject: 'ObjectCreated:Copy',
  CompleteMultipartUpload: 'ObjectCreated:CompleteMultipartUpload',
};

/** Name of the event in notifications, for example `ObjectCreated:Put`. */
export function eventNameOf(reason: CreationReason): string {
  return eventNames[reason];
}

/** Fields of a notification besides the object. */
export interface NotificationOptions {
  /** Later minor versions only add fields, for other events. @default '2.1' */
  readonly eventVersion?: '2.1' | '2.2' | '2.3';
  /** Id of the bucket's notification configuration. @default 'local' */
  readonly configurationId?: string;
  readonly region?: string;
  /** Principals that created the object and that own the bucket. @default the local account */
  readonly principalId?: string;
  readonly ownerId?: string;
  /** @default random */
  readonly hostId?: string;
}

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

/** The test message that S3 sends when notifications are configured. */
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

/** Encodes a key as notifications do: form-encoded, `+` for a space, slashes unchanged. */
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
