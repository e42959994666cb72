/** From an API Gateway proxy event to the direct input of an operation. */
import * as z from 'zod/mini';
import { InvalidInputError } from '../errors.ts';
import type { Operation, RouteParameter } from '../operations/catalogue.ts';
import { fieldsOf } from '../schema/fields-of.ts';
import { type HttpEvent, pathParameters, queryParameters } from './http-event.ts';

/** A raw direct input, and the HTTP names of its properties where they differ. */
export interface HttpInput {
  /** What a direct invocation would have been given; not validated yet. */
  readonly value: unknown;
  /** Property to the name that the HTTP caller used, for error messages. */
  readonly rename: Readonly<Record<string, string>>;
}

/**
 * Takes the direct input of an operation out of a proxy event.
 *
 * @param operation - its route says where each property stands
 * @param event - the event; the body of a POST has been parsed as JSON
 * @throws InvalidInputError for an unknown or repeated query parameter
 */
export function httpInput(operation: Operation, event: HttpEvent): HttpInput {
  const query = singleValues(operation, queryParameters(event));
  if (operation.route.method === 'POST') return { value: event.body, rename: {} };
  const given: Record<string, string> = { ...pathParameters(event), ...query };
  const value: Record<string, string> = {};
  const rename: Record<string, string> = {};
  for (const parameter of operation.route.parameters) {
    const text = given[parameter.name];
    if (text !== undefined) value[propertyFor(operation, parameter, text)] = text;
    for (const property of parameter.fills) rename[property] = parameter.name;
  }
  return { value, rename };
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

/** The property whose form the text has; the last one when it has none, so that the message is about it. */
function propertyFor(operation: Operation, parameter: RouteParameter, text: string): string {
  const fields = fieldsOf(operation.input);
  const fitting = parameter.fills.find((property) => {
    const field = fields[property];
    return field !== undefined && z.safeParse(field, text).success;
  });
  return fitting ?? parameter.fills.at(-1) ?? parameter.name;
}
