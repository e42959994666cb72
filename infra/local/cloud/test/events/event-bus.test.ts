import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/events/delivery.ts';
import { UnknownFunctionError } from '../../src/types.ts';
import { EC2_EVENT } from './fixtures.ts';
import { FUNCTION, failing, jumpingClock, MACHINE, open, QUEUE, rule } from './harness.ts';

describe('a bus', () => {
  it('delivers to every target of every rule that matches', async () => {
    const toMachine = rule({ arn: MACHINE, roleId: 'Role' });
    const { bus, delivered, reports, calls } = open([
      rule(),
      { ...toMachine, name: 'second' },
      rule({}, { pattern: { source: ['other'] } }),
    ]);
    bus.put(EC2_EVENT);
    await bus.idle();
    expect(delivered).toEqual([
      { arn: FUNCTION, input: EC2_EVENT },
      { arn: MACHINE, input: EC2_EVENT },
    ]);
    expect(reports).toMatchObject([
      { ruleName: 'rule', outcome: 'delivered', eventId: EC2_EVENT.id },
      { ruleName: 'second', outcome: 'delivered', targetArn: MACHINE },
    ]);
    expect(calls).toEqual([
      {
        principal: 'events.amazonaws.com',
        action: 'lambda:InvokeFunction',
        resources: [FUNCTION],
      },
      { principal: 'Role', action: 'states:StartExecution', resources: [MACHINE] },
    ]);
  });

  it('delivers only to rules on the same bus', async () => {
    const { bus, delivered } = open([rule({}, { eventBusName: 'own' })], { busNames: ['further'] });
    expect([...bus.busNames]).toEqual(['default', 'own', 'further']);
    bus.put(EC2_EVENT);
    bus.put(EC2_EVENT, 'further');
    await bus.idle();
    expect(delivered).toEqual([]);
    bus.put(EC2_EVENT, 'own');
    await bus.idle();
    expect(delivered).toHaveLength(1);
  });

  it('retries with growing delays until the target accepts the event', async () => {
    let left = 3;
    const { bus, reports, clock } = open([rule()], {
      deliver: async () => {
        left -= 1;
        if (left >= 0) throw new Error('busy');
      },
    });
    bus.put(EC2_EVENT);
    await bus.idle();
    expect(clock.waits).toEqual([1000, 2000, 4000]);
    expect(reports.map(({ outcome }) => outcome)).toEqual([
      'retrying',
      'retrying',
      'retrying',
      'delivered',
    ]);
  });

  it('sends undelivered events to the dead-letter queue, with the limit that was reached', async () => {
    const retryPolicy = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 3600 };
    const { bus, letters, reports, calls } = open(
      [rule({ retryPolicy, deadLetterArn: QUEUE })],
      failing(new DeliveryError('THROTTLING', 'slow down', true)),
    );
    bus.put(EC2_EVENT);
    await bus.idle();
    expect(letters).toEqual([
      {
        queueArn: QUEUE,
        body: JSON.stringify(EC2_EVENT),
        attributes: {
          RULE_ARN: rule().arn,
          TARGET_ARN: FUNCTION,
          ERROR_CODE: 'THROTTLING',
          ERROR_MESSAGE: 'slow down',
          RETRY_ATTEMPTS: '2',
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
        },
      },
    ]);
    expect(reports.at(-1)).toMatchObject({ outcome: 'dead-lettered' });
    expect(calls.at(-1)).toMatchObject({ action: 'sqs:SendMessage', resources: [QUEUE] });
  });

  it('gives up when the event is too old', async () => {
    const retryPolicy = { maximumEventAgeInSeconds: 60 };
    const { bus, letters, clock } = open(
      [rule({ retryPolicy, deadLetterArn: QUEUE })],
      failing(new Error('down')),
    );
    bus.put(EC2_EVENT);
    await bus.idle();
    // 1 + 2 + 4 + 8 + 16 = 31 s, and 32 s more would be too late.
    expect(clock.waits).toHaveLength(5);
    expect(letters[0]?.attributes).toMatchObject({
      ERROR_CODE: 'ERROR_FROM_TARGET',
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    });
  });

  it.each([
    ['the target does not exist', new UnknownFunctionError('no f'), 'NO_RESOURCE'],
    ['permission is missing', new DeliveryError('NO_PERMISSIONS', 'x', false), 'NO_PERMISSIONS'],
  ])('does not retry when %s', async (_, error, code) => {
    const { bus, letters, clock } = open([rule({ deadLetterArn: QUEUE })], failing(error));
    bus.put(EC2_EVENT);
    await bus.idle();
    expect(clock.waits).toEqual([]);
    expect(letters[0]?.attributes).toMatchObject({ ERROR_CODE: code, RETRY_ATTEMPTS: '0' });
    expect(letters[0]?.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it('reports a dropped event without a queue or if the queue fails', async () => {
    const error = new DeliveryError('NO_RESOURCE', 'gone', false);
    const { bus, reports } = open([rule(), rule({ deadLetterArn: QUEUE })], {
      ...failing(error),
      onDeadLetter: () => Promise.reject(new Error('queue is gone')),
    });
    bus.put(EC2_EVENT);
    await bus.idle();
    expect(reports).toMatchObject([
      { outcome: 'dropped', error: { code: 'NO_RESOURCE' } },
      { outcome: 'dropped', error: { message: 'queue is gone' } },
    ]);
  });

  it('stops its retries when it closes, and accepts no more events', async () => {
    const waiting = Promise.withResolvers<void>();
    const { bus, reports, delivered } = open([rule()], {
      ...failing(new Error('busy')),
      clock: {
        ...jumpingClock(),
        sleep: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new Error('aborted')));
            waiting.resolve();
          }),
      },
    });
    bus.put(EC2_EVENT);
    await waiting.promise;
    await bus.close();
    expect(reports.map(({ outcome }) => outcome)).toEqual(['retrying', 'dropped']);
    bus.put(EC2_EVENT);
    await bus.idle();
    expect(delivered).toEqual([]);
  });

  it('names the rule that is not supported', () => {
    expect(() => open([rule({}, { pattern: { a: [{ cidr: 'x' }] } })])).toThrow(
      'Rule rule cannot run here. Event pattern is not valid at a: the local run does not support the operator "cidr"',
    );
  });
});
