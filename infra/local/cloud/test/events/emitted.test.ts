import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectCreated } from '../../src/aws/s3/s3.ts';
import {
  type CreatedObject,
  formEncodedKey,
  objectCreatedEvent,
  objectCreatedNotification,
  s3TestEvent,
} from '../../src/events/created-object.ts';
import { type ExecutionState, executionStatusEvent } from '../../src/events/execution-status.ts';
import { sample } from './fixtures.ts';

const object: CreatedObject = {
  bucket: 'amzn-s3-demo-bucket1',
  key: 'example-key',
  size: 5,
  etag: 'b1946ac92492d2347c6235b4d2611184',
  versionId: 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
  sequencer: '617f08299329d189',
  reason: 'PutObject',
  time: new Date('2021-11-12T00:00:00Z'),
  requestId: 'N4N7GDK58NMKJ12R',
  requester: '123456789012',
  sourceIp: '1.2.3.4',
};

describe('an object that was created', () => {
  it('keeps the reason that the local S3 reports', () => {
    const reported: ObjectCreated = {
      ...object,
      versionId: undefined,
      reason: 'CopyObject',
      requestId: 'N4N7GDK58NMKJ12R',
      sourceIp: '127.0.0.1',
    };
    expect(objectCreatedEvent(reported).detail).toMatchObject({ reason: 'CopyObject' });
    expect(objectCreatedNotification([reported]).Records).toHaveLength(1);
  });

  it('becomes the documented EventBridge event', () => {
    const id = '17793124-05d4-b198-2fde-7ededc63b103';
    const origin = { id, account: '111122223333', region: 'ca-central-1' };
    expect(objectCreatedEvent(object, origin)).toEqual(sample('s3-object-created'));
  });

  it('becomes the documented notification', () => {
    const happyFace: CreatedObject = {
      bucket: 'mybucket',
      key: 'HappyFace.jpg',
      size: 1024,
      etag: 'd41d8cd98f00b204e9800998ecf8427e',
      versionId: '096fKKXTRTtl3on89fVO.nfljtsv6qko',
      sequencer: '0055AED6DCD90281E5',
      reason: 'PutObject',
      time: new Date(0),
      requestId: 'C3D13FE58DE4C810',
      sourceIp: '127.0.0.1',
    };
    const options = {
      region: 'us-west-2',
      configurationId: 'testConfigRule',
      principalId: 'AIDAJDPLRKLG7UEXAMPLE',
      ownerId: 'A3NL1KOZZKExample',
      hostId: 'FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD',
    };
    expect(objectCreatedNotification([happyFace], options)).toEqual(sample('s3-notification-put'));
    const [record] = objectCreatedNotification([happyFace], { eventVersion: '2.3' }).Records;
    expect(record).toHaveProperty('eventVersion', '2.3');
  });

  it('has a unique id, a raw or encoded key, and no version in an unversioned bucket', () => {
    const { versionId: _, ...unversioned } = { ...object, key: 'a b+c.txt' };
    const event = objectCreatedEvent(unversioned);
    expect(event.detail.object).not.toHaveProperty('version-id');
    expect(event.detail.object).toHaveProperty('key', 'a b+c.txt');
    expect(event.id).not.toBe(objectCreatedEvent(unversioned).id);
    const [record] = objectCreatedNotification([unversioned]).Records;
    expect(record).not.toHaveProperty('s3.object.versionId');
    expect(record).toHaveProperty('s3.object.key', 'a+b%2Bc.txt');
  });

  it('is named by the API that created it', () => {
    const nameOf = (reason: CreatedObject['reason']) =>
      objectCreatedNotification([{ ...object, reason }]).Records[0]?.eventName;
    expect(nameOf('CopyObject')).toBe('ObjectCreated:Copy');
    expect(nameOf('POST Object')).toBe('ObjectCreated:Post');
    expect(nameOf('CompleteMultipartUpload')).toBe('ObjectCreated:CompleteMultipartUpload');
  });

  it('is preceded by the documented test event', () => {
    const host = '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE';
    const time = new Date('2014-10-13T15:57:02.089Z');
    expect(s3TestEvent('bucketname', time, { request: '5582815E1AEA5ADF', host })).toEqual(
      sample('s3-test-event'),
    );
  });
});

describe('a form-encoded key', () => {
  it.each([
    ['red flower.jpg', 'red+flower.jpg'],
    ['a+b.txt', 'a%2Bb.txt'],
    ['%2B%20%%%.png', '%252B%2520%25%25%25.png'],
    ['é/(1).pdf', '%C3%A9/%281%29.pdf'],
    [`"'~!*._-`, '%22%27%7E%21*._-'],
  ])('%j is %j', (key, encoded) => {
    expect(formEncodedKey(key)).toBe(encoded);
  });

  it('is read back by whatever reads forms', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (key) => {
        fc.pre(key.isWellFormed());
        expect(new URLSearchParams(`k=${formEncodedKey(key)}`).get('k')).toBe(key);
      }),
    );
  });
});

describe('the status of an execution', () => {
  const arn = 'arn:aws:states:us-east-1:012345678912';
  const execution: Omit<ExecutionState, 'status' | 'startDate' | 'stopDate' | 'output'> = {
    executionArn: `${arn}:execution:state-machine-name:execution-name`,
    stateMachineArn: `${arn}:stateMachine:state-machine`,
    name: 'execution-name',
    input: '{}',
  };
  const origin = { id: '315c1398-40ff-a850-213b-158f73e60175', account: '012345678912' };

  it.each([
    ['RUNNING', 1551225271984, null, null],
    ['SUCCEEDED', 1547148840101, 1547148840122, '"Hello World!"'],
    ['FAILED', 1551225146847, 1551225151881, null],
    ['TIMED_OUT', 1551224926156, 1551224927157, null],
    ['ABORTED', 1551225014968, 1551225017576, null],
  ] as const)('%s becomes the documented event', (status, startDate, stopDate, output) => {
    const event = executionStatusEvent(
      { ...execution, status, startDate, stopDate, output },
      origin,
    );
    const name = `execution-${status.toLowerCase().replace('_', '-')}`;
    // The samples all have the time of the first.
    expect({ ...event, time: '2019-02-26T19:42:21Z' }).toMatchObject(Object(sample(name)));
  });

  it('leaves out the input, and then the output, beyond 248 KB', () => {
    const told = (input: string, output: string) =>
      executionStatusEvent(
        { ...execution, status: 'SUCCEEDED', startDate: 0, stopDate: 1000, input, output },
        origin,
      ).detail;
    const half = JSON.stringify('x'.repeat(125 * 1024));
    const all = JSON.stringify('x'.repeat(249 * 1024));
    expect(told('{}', half)).toMatchObject({
      input: '{}',
      output: half,
      inputDetails: { included: true },
      outputDetails: { included: true },
    });
    expect(told(half, half)).toMatchObject({
      input: null,
      output: half,
      inputDetails: { included: false },
    });
    expect(told('{}', all)).toMatchObject({ output: null, outputDetails: { included: false } });
  });
});
