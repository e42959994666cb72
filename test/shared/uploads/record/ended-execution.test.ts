import { expect, it } from 'vitest';
import { recordVerdictInput } from '../../../../shared/uploads/record/ended-execution.ts';

const event = (detail: object) => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn: 'arn', status: 'FAILED', input: '{}', ...detail },
});

it('reads which execution ended, and nothing that Step Functions says better', () => {
  const forged = { error: 'Forged', cause: 'forged', output: '{}', redriveCount: 2 };
  expect(recordVerdictInput.parse(event(forged))).toEqual({
    ...event({}),
    detail: { executionArn: 'arn', status: 'FAILED', input: '{}', redriveCount: 2 },
  });
});

it('takes an event without its input, which was too long', () => {
  const { input: _, ...detail } = event({}).detail;
  for (const each of [detail, { ...detail, input: null }]) {
    expect(recordVerdictInput.parse({ ...event({}), detail: each })).toMatchObject({
      detail: { input: null, redriveCount: null },
    });
  }
});

it.each(['SUCCEEDED', 'RUNNING', 'PENDING_REDRIVE'])('refuses executions that are %s', (status) => {
  expect(recordVerdictInput.safeParse(event({ status })).success).toBe(false);
});
