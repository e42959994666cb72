import { describe, expect, it } from 'vitest';
import { compileInput, type TargetInput } from '../../src/events/target-input.ts';
import { EC2_EVENT, sample } from './fixtures.ts';

const CONTEXT = {
  ruleName: 'example',
  ruleArn: 'arn:aws:events:us-east-2:123456789012:rule/example',
  receivedMs: Date.UTC(2015, 10, 11, 21, 29, 55),
};

const inputOf = (input: TargetInput, event = EC2_EVENT) => compileInput(input)(event, CONTEXT);

/** The variables of the documented examples. */
const inputPathsMap = {
  timestamp: '$.time',
  instance: '$.detail.instance-id',
  state: '$.detail.state',
};
const filled = (inputTemplate: string, event = EC2_EVENT, paths = inputPathsMap) =>
  inputOf({ inputTransformer: { inputPathsMap: paths, inputTemplate } }, event);

describe('the input of a target', () => {
  it('is the event, a part of it, or a constant', () => {
    expect(EC2_EVENT).toEqual(sample('ec2-state-change'));
    expect(JSON.parse(inputOf({}))).toEqual(EC2_EVENT);
    expect(inputOf({ inputPath: '$.detail' })).toBe(JSON.stringify(EC2_EVENT.detail));
    expect(inputOf({ inputPath: '$.detail.state' })).toBe('"RUNNING"');
    expect(inputOf({ inputPath: '$.resources[0]' })).toBe(JSON.stringify(EC2_EVENT.resources[0]));
    expect(inputOf({ inputPath: '$' })).toBe(JSON.stringify(EC2_EVENT));
    expect(inputOf({ input: '{ "a": [1, 2] }' })).toBe('{"a":[1,2]}');
  });

  // Templates and outputs of the documented table.
  it.each([
    ['"instance <instance> is in <state>"', '"instance i-0123456789 is in RUNNING"'],
    ['"instance \\"<instance>\\" is in <state>"', '"instance \\"i-0123456789\\" is in RUNNING"'],
    [
      '{\n  "instance" : <instance>,\n  "state": <state>\n}',
      '{"instance":"i-0123456789","state":"RUNNING"}',
    ],
    [
      '{ "instance" : <instance>, "state": "<state>", "instanceStatus": "instance \\"<instance>\\" is in <state>" }',
      '{"instance":"i-0123456789","state":"RUNNING","instanceStatus":"instance \\"i-0123456789\\" is in RUNNING"}',
    ],
    [
      '{ "instance" : <instance>, "state": [ 9, <state>, true ], "Transformed" : "Yes" }',
      '{"instance":"i-0123456789","state":[9,"RUNNING",true],"Transformed":"Yes"}',
    ],
    ['"<aws.events.rule-name> triggered"', '"example triggered"'],
    [
      '{ "ruleArn" : <aws.events.rule-arn>, "at": <aws.events.event.ingestion-time> }',
      '{"ruleArn":"arn:aws:events:us-east-2:123456789012:rule/example","at":"2015-11-11T21:29:55Z"}',
    ],
  ])('%j', (template, output) => {
    expect(filled(template)).toBe(output);
  });

  it('takes the original event whole', () => {
    expect(JSON.parse(filled('{"originalEvent" : <aws.events.event>}'))).toEqual({
      originalEvent: EC2_EVENT,
    });
  });

  it('keeps types outside of quotes, and loses the quotes of objects within', () => {
    const event = { ...EC2_EVENT, detail: { size: 5, name: 'a', inner: { b: ['c', null] } } };
    const paths = { size: '$.detail.size', inner: '$.detail.inner', gone: '$.detail.gone' };
    const fill = (template: string) =>
      inputOf({ inputTransformer: { inputPathsMap: paths, inputTemplate: template } }, event);
    expect(fill('{"n": <size>, "o": <inner>, "s": "<size> <inner>"}')).toBe(
      '{"n":5,"o":{"b":["c",null]},"s":"5 {b:[c,null]}"}',
    );
    expect(fill('{"x": <gone>, "y": "-<gone>-"}')).toBe('{"x":"","y":"--"}');
    expect(fill('<inner>')).toBe('{"b":["c",null]}');
    expect(fill('"1 < 2"')).toBe('"1 < 2"');
  });

  it('does not escape within quotes, so that a quote in a value breaks the input', () => {
    const event = { ...EC2_EVENT, detail: { state: 'a"b' } };
    expect(filled('{"s": <state>}', event)).toBe('{"s":"a\\"b"}');
    expect(() => filled('{"s": "<state>"}', event)).toThrow(SyntaxError);
  });

  it.each([
    [{ input: 'x' }, 'not JSON'],
    [{ input: '1', inputPath: '$' }, 'Only one of'],
    [{ inputPath: '$.a.*' }, 'cannot follow the path "$.a.*"'],
    [{ inputPath: '$..a' }, 'cannot follow the path'],
    [{ inputPath: 'detail' }, 'cannot follow the path'],
    [{ inputTransformer: { inputTemplate: 'instance <aws.events.rule-name>' } }, 'is not JSON'],
    [{ inputTransformer: { inputTemplate: '"<other>"' } }, '<other> is not defined'],
    [{ inputTransformer: { inputTemplate: '"<aws.events.event.json>"' } }, 'is not defined'],
    [
      { inputTransformer: { inputPathsMap: { 'AWS.x': '$' }, inputTemplate: '1' } },
      '"AWS.x" is reserved',
    ],
  ])('%j is refused', (input, message) => {
    expect(() => compileInput(input)).toThrow(message);
  });
});
