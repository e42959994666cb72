/** The definitions of a synthesised template. */
import { isRecord, readWorkflow, type Workflow } from './workflow.ts';

/** What a function's ARN is here; its name is its logical id. */
const FUNCTIONS = 'arn:aws:lambda:us-east-1:000000000000:function:';

/**
 * Reads the playbooks of a template.
 *
 * @param machines - resources of type `AWS::StepFunctions::StateMachine`, by logical id
 * @returns definitions by the playbook's name, functions by their logical ids
 */
export function definitionsOf(
  machines: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, Workflow> {
  return new Map(
    Object.entries(machines).map(([id, resource]) => {
      const properties = isRecord(resource) ? resource.Properties : undefined;
      const text = resolve(isRecord(properties) ? properties.DefinitionString : undefined);
      return [/Playbooks(.+)StateMachine/.exec(id)?.[1] ?? id, readWorkflow(JSON.parse(text))];
    }),
  );
}

/** What a state machine's ARN is here. */
const MACHINES = 'arn:aws:states:us-east-1:000000000000:stateMachine:';

function resolve(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::GetAtt': attribute, 'Fn::Join': join, Ref: ref } = isRecord(value) ? value : {};
  if (ref === 'AWS::Partition') return 'aws';
  if (typeof ref === 'string') return ref.includes('StateMachine') ? `${MACHINES}${ref}` : ref;
  if (Array.isArray(attribute)) return `${FUNCTIONS}${attribute[0]}`;
  if (Array.isArray(join) && Array.isArray(join[1])) return join[1].map(resolve).join('');
  throw new Error(`cannot resolve ${JSON.stringify(value)}`);
}
