import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { checkDefinition } from '../../src/step-functions/check.ts';

const machine = (state: object) => ({
  StartAt: 'One',
  States: { One: { Type: 'Pass', End: true, ...state } },
});
const inMap = (state: object) =>
  machine({
    Type: 'Map',
    ItemProcessor: { StartAt: 'Item', States: { Item: { Type: 'Pass', End: true, ...state } } },
  });
const invoke = 'arn:aws:states:::lambda:invoke';

it.each([
  [{ ...machine({}), QueryLanguage: 'JSONata' }, 'Some: QueryLanguage JSONata'],
  [machine({ Type: 'Succeed', QueryLanguage: 'JSONata' }), 'Some: One: QueryLanguage JSONata'],
  [machine({ Assign: { a: 1 } }), 'Some: One: Assign'],
  [machine({ Arguments: {} }), 'Some: One: Arguments'],
  [inMap({ Assign: { a: 1 } }), 'Some: Item: Assign'],
  [
    machine({ Type: 'Task', Resource: `${invoke}.waitForTaskToken` }),
    `Some: One: task token (${invoke}.waitForTaskToken)`,
  ],
  [
    machine({ Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:putObject' }),
    'Some: One: service integration arn:aws:states:::aws-sdk:s3:putObject',
  ],
  [
    machine({ Type: 'Task', Resource: 'arn:aws:states:us-east-1:000000000000:activity:a' }),
    'Some: One: service integration arn:aws:states:us-east-1:000000000000:activity:a',
  ],
  [
    machine({
      Type: 'Map',
      ItemReader: {},
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        StartAt: 'Item',
        States: { Item: { Type: 'Pass', End: true } },
      },
    }),
    'Some: One: ItemReader undefined',
  ],
  [machine({ Parameters: { 'a.$': '$$.Task.Token' } }), 'Some: One: context object $$.Task.Token'],
  [
    inMap({ Parameters: { 'a.$': "States.Format('{}', $$.Map.Item.Index)" } }),
    'Some: Item: context object $$.Map.Item.Index',
  ],
  [machine({ Parameters: { 'a.$': '$$' } }), 'Some: One: context object $$'],
])('refuses %j', (definition, reasons) => {
  expect(() => checkDefinition('Some', definition)).toThrow(`not supported locally: ${reasons}`);
});

it('refuses an invalid definition', () => {
  expect(() => checkDefinition('Some', machine({ Next: 'Nowhere', End: undefined }))).toThrow(
    /^Some: State machine definition is invalid/,
  );
});

it.each([
  ['a Pass', machine({})],
  ['Lambda by integration', machine({ Type: 'Task', Resource: invoke, Parameters: {} })],
  [
    'a function by alias',
    machine({
      Type: 'Task',
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:Some-Function_1:live',
    }),
  ],
  ['the known parts of the context object', machine({ Parameters: { 'a.$': '$$.Execution.Id' } })],
])('accepts %s', (_, definition) => {
  expect(() => checkDefinition('Some', definition)).not.toThrow();
});

it('compiles the schemas of the language once for all validators of one version', () => {
  const $id = 'http://asl-validator.cloud/state-machine.json#';
  const [schema, ofOtherVersion] = [{ $id }, { $id, type: 'object' }];
  const compile = (of: object) => new Ajv({ schemas: [of] }).getSchema($id);
  expect(compile(schema)).toBeTypeOf('function');
  expect(compile(schema)).toBe(compile(schema));
  expect(compile(ofOtherVersion)).not.toBe(compile(schema));
});
