import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../infra/command-line/usage-error.ts';
import { parseTeardownOptions } from '../../../infra/teardown/options.ts';
import {
  describePlan,
  type FoundRule,
  planTeardown,
  undoCommands,
} from '../../../infra/teardown/plan.ts';

const machine = { logicalId: 'Scan', arn: 'arn:scan', running: 2 };
const onExecutions = JSON.stringify({ source: ['aws.states'] });
const rule = (overrides: Partial<FoundRule>): FoundRule => ({
  logicalId: 'Rule',
  name: 'rule',
  isEnabled: true,
  pattern: JSON.stringify({ source: ['aws.s3'] }),
  targetArns: [machine.arn],
  ...overrides,
});

function planOf(...rules: FoundRule[]) {
  return planTeardown({ id: 'arn:stack', rules, machines: [machine], retained: [] });
}

describe('the plan', () => {
  it('disables rules that start executions: for uploads, on a schedule, or among other targets', () => {
    const uploads = rule({});
    const schedule = rule({ pattern: undefined });
    const several = rule({ targetArns: ['arn:function', machine.arn] });
    expect(planOf(uploads, schedule, several).disable).toEqual([uploads, schedule, several]);
  });

  it('leaves alone what is disabled already, and rules that start nothing of the stack', () => {
    const rules = [rule({ isEnabled: false }), rule({ targetArns: ['arn:other'] })];
    expect(planOf(...rules)).toMatchObject({ disable: [], keep: [] });
  });

  it('keeps rules on ended executions, but not one that starts executions for them', () => {
    const records = rule({ pattern: onExecutions, targetArns: ['arn:function'] });
    const restarts = rule({ pattern: onExecutions });
    expect(planOf(records, restarts)).toMatchObject({ keep: [records], disable: [restarts] });
  });

  it('is described with everything that is lost and kept', () => {
    const records = rule({ name: 'rec', pattern: onExecutions, targetArns: [], isEnabled: false });
    const lines = describePlan({
      ...planOf(rule({ name: 'up' }), records),
      retained: [{ type: 'AWS::S3::Bucket', name: 'bucket-1' }],
    }).join('\n');
    expect(lines).toContain('arn:stack');
    expect(lines).toContain('  up (Rule)');
    expect(lines).toContain('  rec (Rule) (DISABLED: stopped executions are not recorded)');
    expect(lines).toContain('  2 of Scan');
    expect(lines).toContain('  AWS::S3::Bucket bucket-1');
  });

  it('is undone with the bus, the Region and the profile, quoted for a shell', () => {
    const rules = [rule({}), rule({ name: 'other', bus: 'mine' })];
    expect(undoCommands(rules, 'eu-central-1', undefined)).toEqual([
      'aws events enable-rule --name rule --region eu-central-1',
      'aws events enable-rule --name other --event-bus-name mine --region eu-central-1',
    ]);
    expect(undoCommands([rule({})], 'us-east-1', "a 'b'")).toEqual([
      "aws events enable-rule --name rule --region us-east-1 --profile 'a '\\''b'\\'''",
    ]);
  });
});

describe('the command line', () => {
  it('has defaults', () => {
    expect(parseTeardownOptions([])).toEqual({
      stack: 'VirusTotalConnector',
      isConfirmed: false,
      wantsHelp: false,
    });
  });

  it('takes all options', () => {
    const line = '--stack Mine --region us-gov-west-1 --profile me@work --yes --help';
    expect(parseTeardownOptions(line.split(' '))).toEqual({
      stack: 'Mine',
      region: 'us-gov-west-1',
      profile: 'me@work',
      isConfirmed: true,
      wantsHelp: true,
    });
  });

  it.each([
    ['an unknown option', '--force', /--force.*allowed are --stack, --region, --profile, --yes/],
    ['an argument', 'VirusTotalConnector', /VirusTotalConnector.*allowed are --stack/],
    ['an option without value', '--region', /--region.*allowed are/],
    ['a stack that is no name', '--stack=*', /--stack: got "\*"/],
    ['a stack that reads as an option', '--stack=--all', /--stack: got "--all"/],
    ['an empty Region', '--region=', /--region: got ""/],
    ['a Region that is no name', '--region=Frankfurt', /--region: got "Frankfurt"/],
    ['a profile that reads as an option', '--profile=--x', /--profile: got "--x"/],
  ])('refuses %s', (_, argument, message) => {
    const parse = () => parseTeardownOptions([argument]);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });
});
