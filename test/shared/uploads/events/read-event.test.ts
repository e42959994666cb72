import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CreatedObject,
  formEncodedKey,
  objectCreatedEvent,
  objectCreatedNotification,
  s3TestEvent,
} from '@local/cloud/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../shared/errors.ts';
import {
  isUploadEvent,
  readEvent,
  readMessage,
} from '../../../../shared/uploads/events/read-event.ts';

const object: CreatedObject = {
  bucket: 'uploads',
  key: 'a b.txt',
  size: 5,
  etag: 'b1946ac92492d2347c6235b4d2611184',
  versionId: 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
  sequencer: '617f08299329d189',
  reason: 'PutObject',
  time: new Date(1_700_000_000_000),
};

const uploaded = {
  bucket: 'uploads',
  key: 'a b.txt',
  size: 5,
  etag: 'b1946ac92492d2347c6235b4d2611184',
  versionId: 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
  sequencer: '617f08299329d189',
};

const keys = [
  'a b.txt',
  'a+b.txt',
  '%2B%20%%%.png',
  'é/(1).pdf',
  `it's "quoted".exe`,
  'a&b=c?d#e;f,g:h@i$j!k*l~m\\n.txt',
  ' leading and trailing ',
  'emoji 😀.zip',
  'x'.repeat(1024),
  `${'é'.repeat(511)}ab`,
];

function malformed(places: string) {
  return new InvalidInputError(`S3 event: missing or malformed: ${places}`);
}

function readNotices(Records: readonly unknown[]): readonly unknown[] {
  const read = readEvent({ Records });
  return read.kind === 'notification' ? read.notices : [];
}

/** The notices of a message. */
function noticesIn(body: string): readonly unknown[] {
  return readMessage(body).map(({ notice }) => notice);
}

function readMessageNotices(Records: readonly unknown[]): readonly unknown[] {
  return noticesIn(JSON.stringify({ Records }));
}

/** An event as SNS gives it to a function. */
function topicEvent(...messages: readonly unknown[]) {
  return {
    Records: messages.map((content) => ({
      EventVersion: '1.0',
      EventSubscriptionArn: 'arn:aws:sns:us-east-2:123456789012:sns-lambda:21be56ed-a058-49f5',
      EventSource: 'aws:sns',
      Sns: {
        Type: 'Notification',
        MessageId: '95df01b4-ee98-5cb9-9903-4c221d41eb5e',
        TopicArn: 'arn:aws:sns:us-east-2:123456789012:sns-lambda',
        Subject: 'Amazon S3 Notification',
        Message: typeof content === 'string' ? content : JSON.stringify(content),
        Timestamp: '2019-01-02T12:45:07.000Z',
        MessageAttributes: {},
      },
    })),
  };
}

function fixture(name: string): unknown {
  const path = join(import.meta.dirname, '../../../fixtures/events', `${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')).event;
}

function message(body: string, overrides: Readonly<Record<string, unknown>> = {}) {
  return {
    messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
    body,
    attributes: { ApproximateReceiveCount: '2', SentTimestamp: '1545082649183' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-2:123456789012:my-queue',
    awsRegion: 'us-east-2',
    ...overrides,
  };
}

describe("AWS's documented samples", () => {
  it('notification', () => {
    expect(readEvent(fixture('s3-notification-put'))).toEqual({
      kind: 'notification',
      notices: [
        {
          object: {
            bucket: 'mybucket',
            key: 'HappyFace.jpg',
            versionId: '096fKKXTRTtl3on89fVO.nfljtsv6qko',
            etag: 'd41d8cd98f00b204e9800998ecf8427e',
            size: 1024,
            sequencer: '0055AED6DCD90281E5',
          },
          skip: null,
        },
      ],
    });
  });

  it('EventBridge event', () => {
    expect(readEvent(fixture('s3-object-created'))).toEqual({
      kind: 'object',
      notice: {
        object: {
          bucket: 'amzn-s3-demo-bucket1',
          key: 'example-key',
          versionId: 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
          etag: 'b1946ac92492d2347c6235b4d2611184',
          size: 5,
          sequencer: '617f08299329d189',
        },
        skip: null,
      },
    });
  });

  it('test event', () => {
    expect(readEvent(fixture('s3-test-event'))).toEqual({ kind: 'notification', notices: [] });
  });
});

describe('keys', () => {
  it.each(keys)('%j arrives as it is, by every way', (key) => {
    const notification = objectCreatedNotification([{ ...object, key }]);
    const event = objectCreatedEvent({ ...object, key });
    const notice = { object: { ...uploaded, key }, skip: null };
    expect(readEvent(notification)).toEqual({ kind: 'notification', notices: [notice] });
    expect(readEvent(event)).toEqual({ kind: 'object', notice });
    expect(noticesIn(JSON.stringify(notification))).toEqual([notice]);
    for (const content of [notification, event]) {
      expect(readEvent(topicEvent(content))).toEqual({ kind: 'notification', notices: [notice] });
    }
    expect(noticesIn(JSON.stringify(event))).toEqual([notice]);
  });

  it('are form-encoded in notifications', () => {
    const encoded = {
      'a+b.txt': 'a%2Bb.txt',
      'a b.txt': 'a+b.txt',
      '%2B%20%%%.png': '%252B%2520%25%25%25.png',
      'é/(1).pdf': '%C3%A9/%281%29.pdf',
    };
    for (const [key, text] of Object.entries(encoded)) {
      const notification = objectCreatedNotification([{ ...object, key }]);
      expect(JSON.stringify(notification)).toContain(`"key":"${text}"`);
    }
  });

  it('survive encoding and decoding, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (key) => {
        const [notice] = noticesIn(JSON.stringify(objectCreatedNotification([{ ...object, key }])));
        expect(notice).toMatchObject({ object: { key } });
      }),
    );
  });

  it('are not guessed when they are no encoding', () => {
    const notification = objectCreatedNotification([object]);
    const broken = JSON.stringify(notification).replace(formEncodedKey('a b.txt'), '%zz');
    expect(readEvent(JSON.parse(broken))).toEqual({
      kind: 'notification',
      notices: [malformed('Records.0.s3.object.key')],
    });
  });
});

describe('a malformed record', () => {
  const halfRecord = { ...objectCreatedNotification([object]).Records[0], s3: { bucket: {} } };

  it.each([
    [halfRecord, ['s3.bucket.name', 's3.object']],
    [{ eventSource: 'aws:kinesis' }, ['eventVersion', 'eventSource', 'eventName', 's3']],
    [{ eventSource: 5 }, ['eventVersion', 'eventSource', 'eventName', 's3']],
    [{}, ['eventVersion', 'eventSource', 'eventName', 's3']],
    [null, []],
    ['text', []],
  ])('%j is a separate failure at any position', (bad, places) => {
    const { Records } = objectCreatedNotification([object]);
    const good = { object: uploaded, skip: null };
    const failure = (at: string) =>
      malformed(places.length === 0 ? at : places.map((place) => `${at}.${place}`).join(', '));
    for (const read of [readNotices, readMessageNotices]) {
      expect(read([bad, ...Records])).toEqual([failure('Records.0'), good]);
      expect(read([...Records, bad, ...Records])).toEqual([good, failure('Records.1'), good]);
    }
  });
});

describe('a notification without records', () => {
  it('is nothing to do', () => {
    expect(isUploadEvent({ Records: [] })).toBe(true);
    expect(readEvent({ Records: [] })).toEqual({ kind: 'notification', notices: [] });
    expect(noticesIn('{"Records":[]}')).toEqual([]);
  });
});

describe('what is skipped', () => {
  const EMPTY = 'd41d8cd98f00b204e9800998ecf8427e';

  it.each([
    ['folder/', 0, EMPTY, 'it is a folder marker'],
    ['empty.txt', 0, EMPTY, 'it is empty'],
    // S3 is asked.
    ['folder/', 0, 'e', null],
    ['parts.txt', 0, `${EMPTY}-1`, null],
    ['odd.txt', 5, EMPTY, null],
    ['folder/', 5, 'e', null],
    ['file.txt', 1, 'e', null],
  ])('%s of %i bytes with the ETag %s: %s', (key, size, etag, skip) => {
    const odd = { ...object, key, size, etag };
    expect(readEvent(objectCreatedEvent(odd))).toMatchObject({ notice: { skip } });
    expect(noticesIn(JSON.stringify(objectCreatedNotification([odd])))).toMatchObject([{ skip }]);
  });

  it.each(['ObjectRemoved:Delete', 'ObjectRestore:Completed', 'ObjectTagging:Put', 's3:X'])(
    'notifications of %s, though they say less of the object',
    (eventName) => {
      const [record] = objectCreatedNotification([object]).Records;
      const s3 = { bucket: { name: 'uploads' }, object: { key: 'gone+now', sequencer: '1' } };
      const read = readEvent({ Records: [{ ...record, eventName, s3 }] });
      expect(read).toEqual({
        kind: 'notification',
        notices: [
          {
            object: {
              bucket: 'uploads',
              key: 'gone now',
              versionId: null,
              etag: null,
              size: null,
              sequencer: '1',
            },
            skip: `${eventName} brings no new object`,
          },
        ],
      });
    },
  );

  it('other events of S3 by EventBridge', () => {
    const event = { ...objectCreatedEvent(object), 'detail-type': 'Object Deleted' };
    expect(readEvent(event)).toMatchObject({
      notice: { skip: 'Object Deleted brings no new object' },
    });
  });

  it.each(['ObjectCreated:Put', 'ObjectCreated:CompleteMultipartUpload', 's3:ObjectCreated:Copy'])(
    'not %s',
    (eventName) => {
      const [record] = objectCreatedNotification([object]).Records;
      const read = readEvent({ Records: [{ ...record, eventName }] });
      expect(read).toMatchObject({ notices: [{ skip: null }] });
    },
  );
});

describe('versions', () => {
  it('are null where a bucket has none', () => {
    const { versionId: _, ...unversioned } = object;
    const notice = { object: { ...uploaded, versionId: null }, skip: null };
    expect(readEvent(objectCreatedEvent(unversioned))).toMatchObject({ notice });
    expect(readEvent(objectCreatedNotification([unversioned]))).toMatchObject({
      notices: [notice],
    });
  });

  it.each(['2.0', '2.1', '2.2', '2.3', '2.9'])('of the event: %s is read', (eventVersion) => {
    const [record] = objectCreatedNotification([object]).Records;
    expect(readEvent({ Records: [{ ...record, eventVersion }] })).toMatchObject({
      notices: [{ object: uploaded }],
    });
  });

  it.each(['1.0', '3.0', '20.1'])('of the event: %s is refused', (eventVersion) => {
    const [record] = objectCreatedNotification([object]).Records;
    expect(readNotices([{ ...record, eventVersion }])).toEqual([
      malformed('Records.0.eventVersion'),
    ]);
  });
});

describe('batches', () => {
  it('are read message by message, bodies later', () => {
    expect(readEvent({ Records: [message('{'), message('x')] })).toEqual({
      kind: 'queue',
      messages: ['{', 'x'].map((body) => ({
        messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
        receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
        body,
        receiveCount: 2,
        queueArn: 'arn:aws:sqs:us-east-2:123456789012:my-queue',
      })),
    });
  });

  it('hold several records in one message', () => {
    const two = objectCreatedNotification([object, { ...object, key: 'other' }]);
    expect(noticesIn(JSON.stringify(two))).toMatchObject([
      { object: { key: 'a b.txt' } },
      { object: { key: 'other' } },
    ]);
  });

  it('hold notifications inside an SNS envelope', () => {
    const Message = JSON.stringify(objectCreatedNotification([object]));
    const envelope = { Type: 'Notification', TopicArn: 'arn:aws:sns:eu-west-1:1:t', Message };
    expect(noticesIn(JSON.stringify(envelope))).toEqual([{ object: uploaded, skip: null }]);
  });

  it('hold test events, of which nothing is submitted', () => {
    expect(noticesIn(JSON.stringify(s3TestEvent('uploads', new Date(0))))).toEqual([]);
  });

  it.each([
    ['text', 'hello'],
    ['JSON of something else', '{"key":"a"}'],
    ['null', 'null'],
    ['a batch', JSON.stringify({ Records: [message('{}')] })],
    ['an empty envelope', '{"Type":"Notification"}'],
    ['half an event', '{"source":"aws.s3","detail":{}}'],
  ])('refuse %s', (_, body) => {
    expect(() => readMessage(body)).toThrow(InvalidInputError);
  });
});

describe('a record of a message', () => {
  it('brings the event of just itself', () => {
    const { Records } = objectCreatedNotification([object, { ...object, key: 'other' }]);
    const [first, second] = Records;
    expect(readMessage(JSON.stringify({ Records })).map(({ event }) => event)).toEqual([
      { Records: [first] },
      { Records: [second] },
    ]);
    const event = objectCreatedEvent(object);
    const Message = JSON.stringify(event);
    for (const body of [event, { Type: 'Notification', Message }]) {
      expect(readMessage(JSON.stringify(body))).toMatchObject([{ event }]);
    }
  });
});

describe('events of a topic', () => {
  const event = objectCreatedEvent(object);
  const notice = { object: uploaded, skip: null };

  it('have every message read: several records, several messages, test events', () => {
    const notification = objectCreatedNotification([object, object]);
    const read = readEvent(topicEvent(notification, s3TestEvent('uploads', new Date(0)), event));
    expect(read).toEqual({ kind: 'notification', notices: [notice, notice, notice] });
  });

  it.each([
    ['text', 'hello'],
    ['JSON of something else', '{"key":"a"}'],
    ['a batch', JSON.stringify({ Records: [message('{}')] })],
    ['an event of a topic', JSON.stringify(topicEvent(event))],
  ])('are a failure if the message is %s, and the others are read', (_, content) => {
    expect(readEvent(topicEvent(content, event))).toEqual({
      kind: 'notification',
      notices: [
        new InvalidInputError(
          'SNS event: Records.0.Sns.Message: the message contains no event of S3',
        ),
        notice,
      ],
    });
  });

  it.each([
    [null, 'Records.0'],
    [{ EventSource: 'aws:sns' }, 'Records.0.Sns'],
    [{ EventSource: 'aws:sns', Sns: { Message: 5 } }, 'Records.0.Sns.Message'],
  ])('are a failure if a record is %j, and the others are read', (record, place) => {
    const { Records } = topicEvent(event);
    expect(readEvent({ Records: [record, ...Records] })).toEqual({
      kind: 'notification',
      notices: [new InvalidInputError(`SNS event: missing or malformed: ${place}`), notice],
    });
  });

  it('are events of S3 only with the source aws:sns', () => {
    expect(isUploadEvent(topicEvent(event))).toBe(true);
    expect(isUploadEvent({ Records: [{ EventSource: 'aws:ses', Sns: {} }] })).toBe(false);
  });
});

describe('everything else is a direct input', () => {
  it.each([
    [{ key: 'a' }],
    [null],
    ['text'],
    [[]],
    [{ Records: [null, {}] }],
    [{ Records: 'none' }],
    [{ Records: [{ eventSource: 'aws:kinesis' }] }],
    [{ source: 'aws.ec2', detail: {} }],
    [{ __proto__: { source: 'aws.s3' } }],
  ])('%j', (event) => {
    expect(isUploadEvent(event)).toBe(false);
  });

  it('whatever it is', () => {
    fc.assert(fc.property(fc.json(), (text) => !isUploadEvent(JSON.parse(text))));
  });
});
