import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../infra/openapi/document.ts';
import { httpErrors } from '../../../infra/openapi/error-responses.ts';
import { forGateway } from '../../../infra/openapi/for-gateway.ts';
import { routes } from '../../../infra/openapi/routes.ts';

const integrations = Object.fromEntries(
  routes.map(({ name, id }) => [name, `arn:aws:apigateway:eu-west-1:lambda:path/${id}`]),
);
// As JSON, because what is imported has no more than that.
const gateway = JSON.parse(
  JSON.stringify(forGateway(openApiDocument(), { auth: 'iam', integrations })),
);

describe('the copy for API Gateway', () => {
  it('is valid OpenAPI 3.0', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(gateway));
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it.each(routes)('has $name, signed, validated, on its function', ({ name, id, route }) => {
    const method = gateway.paths[route.path][route.method.toLowerCase()];
    expect(method).toMatchObject({
      operationId: name,
      security: [{ iam: [] }],
      'x-amazon-apigateway-auth': { type: 'AWS_IAM' },
      'x-amazon-apigateway-integration': {
        type: 'aws_proxy',
        httpMethod: 'POST',
        uri: `arn:aws:apigateway:eu-west-1:lambda:path/${id}`,
        timeoutInMillis: 29_000,
      },
    });
    expect(method.parameters).toEqual(
      route.parameters.map((parameter) => ({
        name: parameter.name,
        in: parameter.in,
        required: parameter.in === 'path',
        schema: { type: 'string' },
      })),
    );
    expect('requestBody' in method).toBe(route.method === 'POST');
  });

  it('checks required parameters, and that a body is there and an object, on every method', () => {
    const validator = gateway['x-amazon-apigateway-request-validator'];
    expect(gateway['x-amazon-apigateway-request-validators'][validator]).toEqual({
      validateRequestParameters: true,
      validateRequestBody: true,
    });
    expect(gateway.components.schemas).toEqual({ JsonObject: { type: 'object' } });
    expect(gateway.paths['/urls'].post.requestBody).toEqual({
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/JsonObject' } } },
    });
  });

  it('holds nothing that the importer does not take', () => {
    expect(JSON.stringify(gateway)).not.toMatch(
      /"(nullable|anyOf|oneOf|allOf|example|examples|exclusiveMinimum|readOnly|servers|discriminator|x-direct-input)":/,
    );
  });

  it('knows signed requests by the scheme of API Gateway', () => {
    expect(gateway.components.securitySchemes.iam).toEqual({
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
      'x-amazon-apigateway-authtype': 'awsSigv4',
    });
  });

  it('refuses an operation without a function', () => {
    expect(() => forGateway(openApiDocument(), { auth: 'iam', integrations: {} })).toThrow(
      'submit_sample has no integration',
    );
  });
});

describe('gateway responses', () => {
  const responses: Record<string, GatewayResponse> =
    gateway['x-amazon-apigateway-gateway-responses'];

  interface GatewayResponse {
    readonly statusCode?: string;
    readonly responseParameters: Readonly<Record<string, string>>;
    readonly responseTemplates: Readonly<Record<'application/json', string>>;
  }

  it.each(Object.entries(responses))(
    '%s has the envelope, and the status of its name',
    (type, one) => {
      const body = JSON.parse(one.responseTemplates['application/json']);
      expect(Object.keys(body)).toEqual(['error']);
      expect(body.error).toEqual({
        name: expect.any(String),
        message: expect.stringMatching(/^[^$]+$/),
        requestId: '$context.requestId',
      });
      const known: Record<string, { status: number }> = httpErrors;
      expect(known).toHaveProperty(body.error.name);
      const status = known[body.error.name]?.status;
      if (type === 'DEFAULT_4XX') expect(one.statusCode).toBeUndefined();
      else expect(one.statusCode).toBe(String(status));
    },
  );

  it.each([
    ['BAD_REQUEST_BODY', 'InvalidInputError'],
    ['BAD_REQUEST_PARAMETERS', 'InvalidInputError'],
    ['REQUEST_TOO_LARGE', 'InvalidInputError'],
    ['MISSING_AUTHENTICATION_TOKEN', 'AccessDeniedError'],
    ['INVALID_API_KEY', 'AccessDeniedError'],
    ['INTEGRATION_TIMEOUT', 'UpstreamTimeoutError'],
    ['INTEGRATION_FAILURE', 'UpstreamUnavailableError'],
    ['DEFAULT_5XX', 'InternalError'],
    ['DEFAULT_4XX', 'InvalidInputError'],
  ])('%s is %s', (type, name) => {
    const body = JSON.parse(responses[type]?.responseTemplates['application/json'] ?? '{}');
    expect(body.error.name).toBe(name);
  });

  it.each([
    ['THROTTLED', 1],
    ['QUOTA_EXCEEDED', 3600],
  ])('%s says in message and header to wait %i s', (type, seconds) => {
    const one = responses[type];
    const { error } = JSON.parse(one?.responseTemplates['application/json'] ?? '{}');
    expect(error.name).toBe('QuotaExceededError');
    expect(error.message).toMatch(new RegExp(` retryAfterSeconds=${seconds}$`));
    expect(one?.responseParameters['gatewayresponse.header.Retry-After']).toBe(`'${seconds}'`);
  });
});
