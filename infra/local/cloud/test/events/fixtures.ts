/** AWS's documented samples, each with where it is from. */
import { readFileSync } from 'node:fs';
import type { BusEvent } from '../../src/events/event.ts';

/** The sample, parsed. */
export function sample(name: string): unknown {
  const file = new URL(`../fixtures/events/${name}.json`, import.meta.url);
  const { origin, event } = JSON.parse(readFileSync(file, 'utf8'));
  if (!/^https:\/\//.test(origin)) throw new Error(`${name} does not say where it is from`);
  return event;
}

/** The example event of the EventBridge documentation. */
export const EC2_EVENT: BusEvent = {
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '123456789012',
  time: '2015-11-11T21:29:54Z',
  region: 'us-east-1',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111'],
  detail: { 'instance-id': 'i-0123456789', state: 'RUNNING' },
};
