/**
 * What CreateStateMachine refuses: asl-validator's findings, and what it does not look at.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 * @see https://states-language.net
 */
import validate from 'asl-validator';
import {
  type Finding,
  itemsOf,
  type JsonFields,
  jsonFields,
  objectsIn,
  type Resource,
} from './refusal.ts';

const MAX_DEFINITION_BYTES = 1_048_576;
const MAX_LABEL_LENGTH = 40;
const MACHINE_NAME = /^[^\s\p{Cc}<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/u;
const LABEL = /^[^\s\p{Cc}<>{}[\]?*"#%\\^|~`$&,;:/]+$/u;
const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;
/** Integrations that the playbooks may use, with the patterns that each supports. */
const INTEGRATION =
  /^arn:[\w-]+:states:::(lambda:invoke(\.waitForTaskToken)?|states:startExecution(\.sync(:2)?|\.waitForTaskToken)?|aws-sdk:sfn:describeMapRun)$/;
const READER = /^arn:[\w-]+:states:::s3:(getObject|listObjectsV2)$/;
const WRITER = /^arn:[\w-]+:states:::s3:putObject$/;

/** Returns what is wrong with a state machine. */
export function stateMachineFindings({ properties }: Resource): Finding[] {
  const { StateMachineName: name, DefinitionString: text, StateMachineType: type } = properties;
  const nameFindings =
    name === undefined || MACHINE_NAME.test(String(name))
      ? []
      : [
          finding(
            'StateMachineName',
            `got "${name}"; allowed: 1 to 80 characters, no white space or any of <>{}[]?*"#%\\^|~\`$&,;:/`,
          ),
        ];
  return [...nameFindings, ...definitionFindings(String(text), type === 'EXPRESS')];
}

/** Tests synthesise many variants of the same playbooks, and a validation takes 0.2 s. */
const known = new Map<string, Finding[]>();

function definitionFindings(text: string, isExpress: boolean): Finding[] {
  const key = `${isExpress} ${text}`;
  const found = known.get(key) ?? validateDefinition(text, isExpress);
  known.set(key, found);
  return found;
}

function validateDefinition(text: string, isExpress: boolean): Finding[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_DEFINITION_BYTES) {
    const message = `the definition has ${bytes} bytes; allowed: ${MAX_DEFINITION_BYTES}`;
    return [finding('StateMachineSize', message)];
  }
  const definition = parse(text);
  if (definition === null) return [finding('StateMachineJson', 'the definition is not JSON')];
  const language = validate(structuredClone(definition)).errors.map((error) =>
    finding('StateMachineLanguage', `${error['Error code']}: ${error.Message}`),
  );
  const states = objectsIn(definition).flatMap(({ fields }) =>
    Object.entries(jsonFields(fields.States)),
  );
  return [
    ...language,
    ...states.flatMap(([name, state]) =>
      stateMessages(jsonFields(state), isExpress).map(({ rule, message }) =>
        finding(rule, `state "${name}": ${message}`),
      ),
    ),
  ];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function stateMessages(state: JsonFields, isExpress: boolean): Finding[] {
  return [
    ...resourceFindings(state),
    ...matcherFindings('Retry', state.Retry),
    ...matcherFindings('Catch', state.Catch),
    ...(state.Type === 'Map' ? mapFindings(state, isExpress) : []),
  ];
}

function resourceFindings({ Type: type, Resource: resource }: JsonFields): Finding[] {
  const arn = String(resource);
  if (type !== 'Task' || FUNCTION_ARN.test(arn) || INTEGRATION.test(arn)) return [];
  const allowed = 'a function, or an integration of infra/validation/state-machines.ts';
  return [
    finding(
      'StateMachineResource',
      `the task's resource is ${arn}; allowed: the ARN of ${allowed}`,
    ),
  ];
}

/** `States.ALL` matches everything, so it stands alone and last. */
function matcherFindings(field: string, matchers: unknown): Finding[] {
  const lists = itemsOf(matchers).map((matcher) => itemsOf(jsonFields(matcher).ErrorEquals));
  return lists.flatMap((names, index) => {
    if (!names.includes('States.ALL')) return [];
    if (names.length === 1 && index === lists.length - 1) return [];
    const message = `${field}[${index}] has States.ALL ${names.length > 1 ? 'with other errors' : 'before other entries'}; allowed: alone, in the last entry`;
    return [finding('StateMachineErrorNames', message)];
  });
}

const DISTRIBUTED_FIELDS = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'] as const;

function mapFindings(state: JsonFields, isExpress: boolean): Finding[] {
  const { Mode: mode } = jsonFields(jsonFields(state.ItemProcessor).ProcessorConfig);
  const messages =
    mode === 'DISTRIBUTED'
      ? distributedMessages(state, isExpress)
      : DISTRIBUTED_FIELDS.filter((field) => field in state).map(
          (field) => `has ${field}, which only a distributed Map may have`,
        );
  return messages.map((message) => finding('StateMachineMap', message));
}

function distributedMessages(
  { ItemReader: reader, ResultWriter: writer, Label: label = 'Default' }: JsonFields,
  isExpress: boolean,
): string[] {
  const isLabel = LABEL.test(String(label)) && String(label).length <= MAX_LABEL_LENGTH;
  return [
    ...(isExpress ? ['an EXPRESS state machine cannot have a distributed Map'] : []),
    ...integrationMessages('ItemReader', reader, READER),
    ...integrationMessages('ResultWriter', writer, WRITER),
    ...(isLabel
      ? []
      : [
          `the Label is "${String(label)}"; allowed: up to ${MAX_LABEL_LENGTH} characters, no white space or special characters`,
        ]),
  ];
}

function integrationMessages(name: string, field: unknown, allowed: RegExp): string[] {
  const { Resource: arn } = jsonFields(field);
  if (field === undefined || allowed.test(String(arn))) return [];
  return [`${name} has the resource ${String(arn)}; allowed: ${allowed.source}`];
}

function finding(rule: string, message: string): Finding {
  return { rule, message };
}
