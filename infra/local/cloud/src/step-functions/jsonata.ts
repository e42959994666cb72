/**
 * Pass states in JSONata, which the engine (aws-local-stepfunctions 3.0.0) does not know
 * (https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html).
 */
import jsonata from 'jsonata';
import { isRecord } from '../json.ts';
import { type State, textsIn } from './definition.ts';
import { StateError } from './state-error.ts';

/** Fields of such a state that the local run reads. */
const fields = ['Type', 'QueryLanguage', 'Comment', 'Output', 'Next', 'End'];

/** Parts of the context object that the local run has. */
const context = /^\$states\.context\.(?:Execution|StateMachine|State)\b/;

/** Functions that AWS adds, and those that depend on Node's clock. */
const unsupported = /\$(?:partition|range|hash|random|uuid|eval|now|millis)\s*\(/g;

/** Whether a state is a Pass in JSONata. */
export function isJsonataPass({ Type, QueryLanguage }: State): boolean {
  return Type === 'Pass' && QueryLanguage === 'JSONata';
}

/** Returns why a Pass in JSONata cannot be run. */
export function jsonataReasons(state: State): string[] {
  const expressions = textsIn(state.Output)
    .map(expressionOf)
    .filter((text) => text !== null);
  return [
    ...Object.keys(state).filter((field) => !fields.includes(field)),
    ...expressions.flatMap((text) => [
      ...(text.match(/\$states\.context\.[\w.]*/g) ?? [])
        .filter((path) => !context.test(path))
        .map((path) => `context object ${path}`),
      ...(text.match(unsupported) ?? []).map((call) => `function ${call}`),
      ...syntaxReasons(text),
    ]),
  ];
}

function syntaxReasons(expression: string): string[] {
  try {
    compile(expression);
    return [];
  } catch (error) {
    return [`JSONata: ${messageOf(error)}`];
  }
}

/** An expression is evaluated in many executions. */
const compiled = new Map<string, jsonata.Expression>();

function compile(expression: string): jsonata.Expression {
  const known = compiled.get(expression) ?? jsonata(expression);
  compiled.set(expression, known);
  return known;
}

/** What an expression reads as `$states`. */
export interface JsonataStates {
  readonly input: unknown;
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * Evaluates the Output of a Pass.
 *
 * @returns the output; the input if the state has no Output
 * @throws StateError `States.QueryEvaluationError`, which a Pass cannot catch
 */
export async function evaluateOutput(state: State, states: JsonataStates): Promise<unknown> {
  return 'Output' in state ? evaluate(state.Output, states) : states.input;
}

async function evaluate(template: unknown, states: JsonataStates): Promise<unknown> {
  if (typeof template === 'string') {
    const expression = expressionOf(template);
    return expression === null ? template : resultOf(expression, states);
  }
  if (Array.isArray(template)) return Promise.all(template.map((item) => evaluate(item, states)));
  if (!isRecord(template)) return template;
  const entries = Object.entries(template).map(
    async ([name, value]) => [name, await evaluate(value, states)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function resultOf(expression: string, states: JsonataStates): Promise<unknown> {
  const bindings = { states, parse: (text: string): unknown => JSON.parse(text) };
  let result: unknown;
  try {
    result = await compile(expression).evaluate(undefined, bindings);
  } catch (error) {
    throw evaluationError(messageOf(error));
  }
  if (result === undefined) throw evaluationError('the expression returned nothing');
  return result;
}

/** Returns what stands between `{%` and `%}`; null for other text. */
function expressionOf(text: string): string | null {
  return text.startsWith('{%') && text.endsWith('%}') ? text.slice(2, -2) : null;
}

function evaluationError(message: string): StateError {
  return new StateError('States.QueryEvaluationError', message, false);
}

/** The library throws objects that are no errors. */
function messageOf(error: unknown): string {
  return isRecord(error) && typeof error.message === 'string' ? error.message : String(error);
}
