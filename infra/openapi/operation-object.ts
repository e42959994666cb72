/** Converts an operation of the catalogue to an OpenAPI operation object. */
import {
  type Operation,
  type RouteParameter,
  submissionStatus,
} from '../../shared/operations/catalogue.ts';
import { acceptedResponses } from './accepted-responses.ts';
import { inputSchema } from './schemas.ts';
import { tagOf } from './tags.ts';
import type { JsonObject, OperationObject, Parameter, Schema } from './types.ts';

/** Names of an operation's schemas; API Gateway allows only letters and digits. */
export function schemaNames({ id }: Pick<Operation, 'id'>): { input: string; output: string } {
  // The status of a submission has a property `output`, whose type generators call SubmissionOutput.
  const output = id === submissionStatus.id ? id : `${id}Output`;
  return { input: `${id}Input`, output };
}

/** @param errors - the operation's error responses */
export function operationObject(
  operation: Operation,
  errors: OperationObject['responses'] = {},
): OperationObject {
  const { name, summary, description, route, example } = operation;
  const names = schemaNames(operation);
  const input = inputSchema(operation);
  const accepted = acceptedResponses[name];
  return {
    operationId: name,
    tags: [tagOf(route.path)],
    summary,
    description,
    parameters: route.parameters.map((parameter) => parameterObject(parameter, input, example)),
    ...(route.method === 'POST' && { requestBody: requestBody(names.input, example) }),
    responses: {
      200: {
        description: 'The output.',
        content: { 'application/json': { schema: reference(names.output) } },
      },
      ...(accepted && { 202: accepted }),
      ...errors,
    },
    // Only bodies are components: the schema of another input would be a component that no request uses.
    'x-direct-input': route.method === 'POST' ? reference(names.input) : input,
  };
}

function reference(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

function requestBody(schema: string, example: JsonObject): JsonObject {
  return {
    required: true,
    content: { 'application/json': { schema: reference(schema), example } },
  };
}

function parameterObject(
  { name, in: where, fills }: RouteParameter,
  input: Schema,
  example: JsonObject,
): Parameter {
  const filled = fills.flatMap((property) => {
    const schema = input.properties?.[property];
    return schema ? [schema] : [];
  });
  const forms = filled.flatMap(writtenForms);
  const [first, ...others] = forms;
  const exampleName = fills.find((property) => property in example);
  return {
    name,
    in: where,
    required: where === 'path' || fills.some((property) => input.required?.includes(property)),
    description: `${filled.map(({ description }) => description).join('; or ')}${oneOnly(where, fills, input)}`,
    schema: first && others.length === 0 ? first : { anyOf: forms },
    ...(exampleName !== undefined && { example: example[exampleName] }),
  };
}

/** Schemas that a parameter can have. Parameters are text; objects are for direct invocations only. */
function writtenForms({ description: _, ...schema }: Schema): Schema[] {
  if (!Array.isArray(schema.anyOf)) return [schema];
  return schema.anyOf.flatMap(writtenForms).filter(({ type }) => type === 'string');
}

function oneOnly(where: 'path' | 'query', fills: readonly string[], { oneOf }: Schema): string {
  const alternatives = (oneOf ?? []).flatMap(({ required }) => required ?? []);
  if (where === 'path' || !fills.some((property) => alternatives.includes(property))) return '';
  return `. Exactly one of ${alternatives.join(' and ')} is required.`;
}
