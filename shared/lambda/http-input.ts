/** Turns an API Gateway proxy event into the direct input of an operation. */
import * as z from 'zod/mini';
import { InvalidInputError } from '../errors.ts';
import type { Operation, RouteParameter } from '../operations/operation.ts';
import { fieldsOf } from '../schema/fields-of.ts';
import type { CallerNames } from '../schema/parse-input.ts';
import { type HttpEvent, pathParameters, queryParameters } from './http-event.ts';

/** The direct input, not validated yet. */
export interface HttpInput {
  readonly value: unknown;
  /** The names that the HTTP caller used, for error messages. */
  readonly callerNames: CallerNames;
}

/**
 * Reads the direct input from the path and query, or from the body of a POST.
 *
 * @param operation - its route maps parameters to properties
 * @param event - with the body already parsed as JSON
 * @throws InvalidInputError for an unknown or repeated query parameter
 */
export function httpInput(operation: Operation, event: HttpEvent): HttpInput {
  const query = singleValues(operation, queryParameters(event));
  if (operation.route.method === 'POST') return { value: event.body, callerNames: {} };
  const parameters: Record<string, string> = { ...pathParameters(event), ...query };
  const value: Record<string, string> = {};
  const callerNames: Record<string, string> = {};
  for (const parameter of operation.route.parameters) {
    const text = parameters[parameter.name];
    if (text !== undefined) value[propertyFor(operation, parameter, text)] = text;
    for (const property of parameter.fills) callerNames[property] = parameter.name;
  }
  return { value, callerNames };
}

function singleValues(operation: Operation, pairs: [string, string][]): Record<string, string> {
  const allowed = operation.route.parameters.filter((p) => p.in === 'query').map((p) => p.name);
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (!allowed.includes(name)) throw new InvalidInputError(unknownParameter(name, allowed));
    if (values.has(name)) {
      throw new InvalidInputError(`${name}: got the query parameter more than once; allowed: once`);
    }
    values.set(name, value);
  }
  return Object.fromEntries(values);
}

function unknownParameter(name: string, allowed: readonly string[]): string {
  const got = JSON.stringify(name.slice(0, 80));
  const list = allowed.length > 0 ? allowed.join(', ') : 'none';
  const hint = allowed.includes('url')
    ? " A URL must be percent-encoded: curl -G --data-urlencode 'url=http://a.example.com/?x=1&y=2' .../urls"
    : '';
  return `${got}: unknown query parameter; allowed: ${list}.${hint}`;
}

/** Returns the property whose schema accepts the text; if none does, the last one, for its error message. */
function propertyFor(operation: Operation, parameter: RouteParameter, text: string): string {
  const fields = fieldsOf(operation.input);
  const fitting = parameter.fills.find((property) => {
    const field = fields[property];
    return field !== undefined && z.safeParse(field, text).success;
  });
  return fitting ?? parameter.fills.at(-1) ?? parameter.name;
}
