/** The subset of OpenAPI 3.0 that the document uses. */

/** A JSON object with any content. */
export type JsonObject = { readonly [name: string]: unknown };

/** A schema object of OpenAPI 3.0. */
export interface Schema extends JsonObject {
  readonly type?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** A path or query parameter. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
  readonly example?: unknown;
}

/** A response for one status. */
export interface Response {
  readonly description: string;
  readonly headers?: JsonObject;
  readonly content: JsonObject;
}

/** A reference to a component. */
export interface Reference extends JsonObject {
  readonly $ref: string;
}

export interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: JsonObject;
  readonly responses: Readonly<Record<string, Response | Reference>>;
  /** Schema of the input when the function is invoked directly. */
  readonly 'x-direct-input': JsonObject;
}

/** Operations by lower-case method. */
export type PathItem = Readonly<Partial<Record<'get' | 'post', OperationObject>>>;

export interface OpenApiDocument {
  readonly openapi: '3.0.3';
  readonly info: { readonly title: string; readonly version: string } & JsonObject;
  readonly servers: readonly JsonObject[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly securitySchemes: JsonObject;
  };
}
