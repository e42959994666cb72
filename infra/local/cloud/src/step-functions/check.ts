/** Rejects definitions that the engine cannot run, or would silently run wrong. */

import { Ajv } from 'ajv';
import { StateMachine } from 'aws-local-stepfunctions';
import { isRecord } from '../json.ts';
import {
  isDistributed,
  type NamedState,
  type State,
  statesOf,
  textsIn,
  type Workflow,
} from './definition.ts';
import { isJsonataPass, jsonataReasons } from './jsonata.ts';
import { isNested } from './nested.ts';

/** The engine does not support a definition; the message lists every reason. */
export class UnsupportedDefinitionError extends Error {
  override readonly name = 'UnsupportedDefinitionError';
}

/** Fields of a state that the engine ignores. */
const unknownFields = [
  'Assign',
  'Arguments',
  'Output',
  'Items',
  'Credentials',
  'HeartbeatSeconds',
  'HeartbeatSecondsPath',
  'TimeoutSecondsPath',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentagePath',
] as const;

/** Fields that only a distributed Map has. */
const distributedFields = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
] as const;
/** Fields that the local distributed Map does not read. */
const notDistributed = ['ItemSelector', 'Parameters', 'ItemsPath', 'MaxConcurrencyPath'] as const;
const READER = /^arn:[a-z-]+:states:::s3:listObjectsV2$/;
const REFERENCE_PATH = /^\$(?:\.[\w-]+)*$/;

/** Supported parts of the context object. */
const knownContext = /^\$\$\.(?:Execution|StateMachine)\.|^\$\$\.State\.Name$/;
const mapContext = /^\$\$\.Map\.Item\.(?:Index|Value)/;

/** `arn:<partition>:lambda:<region>:<account>:function:<name>`, optionally with a version or an alias. */
const FUNCTION_ARN = /^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[\w-]+(?::[\w$-]+)?$/;
const INVOKE = /^arn:[a-z-]+:states:::lambda:invoke$/;

/**
 * Checks a definition.
 *
 * @param machineName - for the message
 * @param definition - references resolved
 * @throws UnsupportedDefinitionError
 */
export function checkDefinition(machineName: string, definition: Workflow): void {
  const reasons = [
    ...languageReasons(definition),
    ...statesOf(definition).flatMap((state) =>
      reasonsOf(state).map((reason) => `${state.name}: ${reason}`),
    ),
  ];
  if (reasons.length > 0) {
    const lines = reasons.map((reason) => `${machineName}: ${reason}`);
    throw new UnsupportedDefinitionError(`not supported locally: ${lines.join('; ')}`);
  }
  validate(machineName, definition);
}

/** Valid definitions, as JSON. A validation takes tens of milliseconds, and a process may run a definition again. */
const valid = new Set<string>();

/** Validates the definition with asl-validator, which the engine's constructor calls. */
function validate(machineName: string, definition: Workflow): void {
  const text = JSON.stringify(definition);
  if (valid.has(text)) return;
  try {
    new StateMachine(JSON.parse(text));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UnsupportedDefinitionError(`${machineName}: ${message}`);
  }
  valid.add(text);
}

/**
 * asl-validator compiles the schemas of the language, about 200 ms of work, for every state machine.
 * They never change, so the first compiled schema serves all; another version of the package has its own.
 */
const LANGUAGE_SCHEMA = 'http://asl-validator.cloud/state-machine.json#';
const { getSchema } = Ajv.prototype;
const compiled = new WeakMap<object, ReturnType<typeof getSchema>>();
Object.defineProperty(Ajv.prototype, 'getSchema', {
  // Test files share a process, which may load this module more than once.
  configurable: true,
  value(this: Ajv, key: string) {
    const schema = this.schemas[LANGUAGE_SCHEMA.replace(/#$/, '')]?.schema;
    if (key !== LANGUAGE_SCHEMA || typeof schema !== 'object') return getSchema.call(this, key);
    if (!compiled.has(schema)) compiled.set(schema, getSchema.call(this, key));
    return compiled.get(schema);
  },
});

function reasonsOf({ state, isInMap }: NamedState): string[] {
  if (isJsonataPass(state)) return jsonataReasons(state);
  return [
    ...languageReasons(state),
    ...unknownFields.filter((field) => field in state),
    ...resourceReasons(state),
    ...mapReasons(state, isInMap),
    ...contextReasons(state, isInMap),
  ];
}

function languageReasons({ QueryLanguage: language }: State | Workflow): string[] {
  return language === undefined || language === 'JSONPath'
    ? []
    : [`QueryLanguage ${String(language)}`];
}

function resourceReasons(state: State): string[] {
  const { Resource: resource } = state;
  if (typeof resource !== 'string' || isNested(state)) return [];
  if (resource.endsWith('.waitForTaskToken')) return [`task token (${resource})`];
  return FUNCTION_ARN.test(resource) || INVOKE.test(resource)
    ? []
    : [`service integration ${resource}`];
}

function mapReasons(state: State, isInMap: boolean): string[] {
  if (!isDistributed(state)) return distributedFields.filter((field) => field in state);
  const { ItemReader: reader, ItemBatcher: batcher, ResultWriter: writer } = state;
  const resource = isRecord(reader) ? String(reader.Resource) : 'none';
  const paths = [reader, batcher, writer].flatMap(textsIn).filter((text) => text.startsWith('$'));
  return [
    ...(isInMap ? ['distributed Map within a Map'] : []),
    ...notDistributed.filter((field) => field in state),
    ...(READER.test(resource) ? [] : [`ItemReader ${resource}`]),
    ...(isRecord(writer) && 'WriterConfig' in writer ? ['WriterConfig'] : []),
    ...paths.filter((path) => !REFERENCE_PATH.test(path)).map((path) => `path ${path}`),
  ];
}

/** The context object of the engine is incomplete, and wrong within a Map. */
function contextReasons(state: State, isInMap: boolean): string[] {
  const { ItemProcessor: _processor, Iterator: _iterator, Branches: _branches, ...own } = state;
  const paths = textsIn(own).flatMap((text) => text.match(/\$\$[\w.[\]']*/g) ?? []);
  const isMap = state.Type === 'Map';
  const isKnown = (path: string) =>
    (knownContext.test(path) && state.Type !== 'Wait') ||
    (isMap && !isInMap && mapContext.test(path));
  return paths.filter((path) => !isKnown(path)).map((path) => `context object ${path}`);
}
