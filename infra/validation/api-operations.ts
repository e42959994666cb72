/** The operations of an OpenAPI document, and the shape of the rules over it. */
import { type JsonFields, jsonFields } from './refusal.ts';

/** What the importer does not take. */
export const NOTES =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis';

/** One refusal of the importer. */
export interface ApiRule {
  readonly rule: string;
  /** Where AWS says so, or a report of the refusal. */
  readonly source: string;
  /** Returns a message for each place that is refused. */
  readonly find: (document: JsonFields) => readonly string[];
}

/** A method of a path. */
export interface ApiOperation {
  /** For messages, for example `GET /files/{resource}`. */
  readonly at: string;
  readonly path: string;
  readonly method: string;
  readonly operation: JsonFields;
}

/** JsonFields of a path that are no method. */
const NOT_METHODS = ['parameters', 'summary', 'description', 'servers'];

/** Returns all operations of a document. */
export function operationsOf({ paths }: JsonFields): ApiOperation[] {
  return Object.entries(jsonFields(paths)).flatMap(([path, item]) =>
    Object.entries(jsonFields(item))
      .filter(([method]) => !NOT_METHODS.includes(method))
      .map(([method, operation]) => ({
        at: `${method.toUpperCase()} ${path}`,
        path,
        method,
        operation: jsonFields(operation),
      })),
  );
}
