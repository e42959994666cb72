/** What a target gets of an event: all of it, a part, a constant, or what a template makes of it. */
import { type BusEvent, secondsTime } from './event.ts';
import { compileEventPath, TargetInputError } from './event-path.ts';
import { compileTemplate } from './input-template.ts';

/** How a rule makes a target's input; at most one of them. */
export interface TargetInput {
  /** A constant, JSON text. */
  readonly input?: string;
  /** For example `$.detail`. */
  readonly inputPath?: string;
  readonly inputTransformer?: {
    /** A path for each variable. */
    readonly inputPathsMap?: Readonly<Record<string, string>>;
    readonly inputTemplate: string;
  };
}

/** The rule and the moment that predefined variables speak of. */
export interface InputContext {
  readonly ruleName: string;
  readonly ruleArn: string;
  /** When the bus got the event, epoch milliseconds. */
  readonly receivedMs: number;
}

/** Makes the input, JSON text without needless space. @throws SyntaxError when a filled template is not JSON */
export type MakeInput = (event: BusEvent, context: InputContext) => string;

const PREDEFINED = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event',
  'aws.events.event.ingestion-time',
] as const;

/**
 * Compiles a target's input.
 *
 * @throws TargetInputError when EventBridge would refuse it, or when the local run cannot make it
 */
export function compileInput({ input, inputPath, inputTransformer }: TargetInput): MakeInput {
  if ([input, inputPath, inputTransformer].filter((each) => each !== undefined).length > 1) {
    throw new TargetInputError('Only one of Input, InputPath and InputTransformer can be given');
  }
  if (input !== undefined) {
    const constant = constantOf(input);
    return () => constant;
  }
  if (inputTransformer) return compileTransformer(inputTransformer);
  const select = compileEventPath(inputPath ?? '$');
  return (event) => JSON.stringify(select(event) ?? null);
}

function compileTransformer({
  inputPathsMap = {},
  inputTemplate,
}: NonNullable<TargetInput['inputTransformer']>): MakeInput {
  const paths = Object.entries(inputPathsMap).map(([name, path]) => {
    if (/^aws\./i.test(name)) throw new TargetInputError(`"${name}" is reserved`);
    return [name, compileEventPath(path)] as const;
  });
  const names = new Set<string>([...paths.map(([name]) => name), ...PREDEFINED]);
  const fill = compileTemplate(inputTemplate, names);
  return (event, context) => {
    const selected = paths.map(([name, select]) => [name, select(event)] as const);
    return minified(fill(new Map<string, unknown>([...selected, ...predefined(event, context)])));
  };
}

function predefined(event: BusEvent, context: InputContext) {
  const values: Readonly<Record<(typeof PREDEFINED)[number], unknown>> = {
    'aws.events.rule-arn': context.ruleArn,
    'aws.events.rule-name': context.ruleName,
    'aws.events.event': event,
    'aws.events.event.ingestion-time': secondsTime(context.receivedMs),
  };
  return Object.entries(values);
}

function constantOf(input: string): string {
  try {
    return minified(input);
  } catch (cause) {
    throw new TargetInputError(`The constant input is not JSON: ${input}`, { cause });
  }
}

function minified(json: string): string {
  return JSON.stringify(JSON.parse(json));
}
