import { expect, it } from 'vitest';
import { summaryOf } from '../../../../shared/uploads/record/decide.ts';
import { endedExecution } from '../../../../shared/uploads/record/ended-execution.ts';

const upload = { source: 'aws.s3', detail: {} };
const event = (detail: object) => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn: 'arn', status: 'FAILED', input: JSON.stringify(upload), ...detail },
});

it('reads an execution that failed as a record of its upload', () => {
  const request = endedExecution.parse(event({ error: 'States.Runtime', cause: 'a path' }));
  expect(request).toEqual({
    event: upload,
    outcome: 'failed',
    reason: null,
    scan_id: null,
    receipt: null,
    report: null,
    error: { name: 'States.Runtime', message: 'a path' },
    execution: 'arn',
  });
  expect(summaryOf(request)).toMatchObject({ outcome: 'failed', verdict: 'unknown' });
});

it.each(['TIMED_OUT', 'ABORTED'])('names an execution that ended as %s by that', (status) => {
  const { error } = endedExecution.parse(event({ status, error: null, cause: null }));
  expect(error).toEqual({ name: status, message: `the execution ended as ${status}` });
});

it('has no event when the input was too long for one, or is no JSON', () => {
  expect(endedExecution.parse(event({ input: null })).event).toBeNull();
  expect(endedExecution.parse(event({ input: '{' })).event).toBeNull();
});

it('refuses executions that go well', () => {
  expect(endedExecution.safeParse(event({ status: 'SUCCEEDED' })).success).toBe(false);
});
