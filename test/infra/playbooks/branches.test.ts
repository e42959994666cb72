import { readWorkflow } from '@local/cloud/step-functions';
import { namedError } from '@local/cloud/testing';
import { expect, it } from 'vitest';
import { branchesOf, uncoveredBranches } from '../../support/branches.ts';
import { play } from '../../support/playbooks.ts';

const definition = readWorkflow({
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemProcessor: {
        StartAt: 'Which?',
        States: {
          'Which?': {
            Type: 'Choice',
            Choices: [
              { Variable: '$.n', NumericEquals: 1, Next: 'Call' },
              { Variable: '$.n', NumericEquals: 2, Next: 'Two' },
            ],
            Default: 'Other',
          },
          Call: {
            Type: 'Task',
            Resource: 'arn:aws:lambda:us-east-1:000000000000:function:Call',
            Retry: [{ ErrorEquals: ['Busy', 'Late'] }, { ErrorEquals: ['Never'] }],
            Catch: [
              { ErrorEquals: ['Refused'], Next: 'Other' },
              { ErrorEquals: ['States.ALL'], Next: 'Other' },
            ],
            End: true,
          },
          Two: { Type: 'Pass', End: true },
          Other: { Type: 'Pass', End: true },
        },
      },
      End: true,
    },
  },
});

it('names each state, rule, default, and entry of Retry and Catch', () => {
  expect(branchesOf(definition)).toEqual([
    'Each',
    'Which?',
    'Which?: rule 0 -> Call',
    'Which?: rule 1 -> Two',
    'Which?: default -> Other',
    'Call',
    'Call: Retry 0 (Busy and 1 more)',
    'Call: Retry 1 (Never)',
    'Call: Catch 0 (Refused)',
    'Call: Catch 1 (States.ALL)',
    'Two',
    'Other',
  ]);
});

it('lists what no execution has taken, with items interleaved', async () => {
  const uncovered = async (...inputs: (readonly number[])[]) => {
    const executions = inputs.map(async (numbers) => {
      const { transitions } = await play(
        definition,
        numbers.map((n) => ({ n })),
        {
          Call: (_, before) => {
            if (before === 0) throw namedError('Late', 'later');
            throw namedError('Anything', 'no');
          },
        },
      );
      return transitions;
    });
    return uncoveredBranches(definition, await Promise.all(executions));
  };
  const never = ['Call: Retry 1 (Never)', 'Call: Catch 0 (Refused)'];
  expect(await uncovered([1, 2, 3])).toEqual(never);
  expect(await uncovered([1], [3, 3, 2])).toEqual(never);
  expect(await uncovered([3, 1, 3])).toEqual(['Which?: rule 1 -> Two', ...never, 'Two']);
  expect(await uncovered([])).toEqual(branchesOf(definition).slice(1));
});

it('refuses a Choice of which the history would not tell the way', () => {
  const rules = [
    { Variable: '$.n', NumericEquals: 1, Next: 'End' },
    { Variable: '$.n', NumericEquals: 2, Next: 'End' },
  ];
  const twice = readWorkflow({
    StartAt: 'Which?',
    States: { 'Which?': { Type: 'Choice', Choices: rules }, End: { Type: 'Succeed' } },
  });
  expect(() => branchesOf(twice)).toThrow('Which?: two ways, one state');
});
