/** Rules over parameters, integrations, validators and gateway responses of an OpenAPI document. */
import { type ApiRule, NOTES, operationsOf } from './api-operations.ts';
import { itemsOf, type JsonFields, jsonFields } from './refusal.ts';

const INTEGRATION =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html';
const VALIDATORS =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validator.html';
const RESPONSES =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html';
const MAPPINGS =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html';

/** Limits of an integration's timeout without a raised quota, milliseconds. */
const TIMEOUT_MS = { least: 50, most: 29_000 };
const TYPES = ['aws', 'aws_proxy', 'http', 'http_proxy', 'mock'];
/** The name of a parameter, as the importer's message quotes it. */
const PARAMETER_NAME = /^[a-zA-Z0-9._$-]+$/;

const RESPONSE_TYPES = new Set([
  'ACCESS_DENIED',
  'API_CONFIGURATION_ERROR',
  'AUTHORIZER_CONFIGURATION_ERROR',
  'AUTHORIZER_FAILURE',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'DEFAULT_4XX',
  'DEFAULT_5XX',
  'EXPIRED_TOKEN',
  'INTEGRATION_FAILURE',
  'INTEGRATION_TIMEOUT',
  'INVALID_API_KEY',
  'INVALID_SIGNATURE',
  'MISSING_AUTHENTICATION_TOKEN',
  'QUOTA_EXCEEDED',
  'REQUEST_TOO_LARGE',
  'RESOURCE_NOT_FOUND',
  'THROTTLED',
  'UNAUTHORIZED',
  'UNSUPPORTED_MEDIA_TYPE',
  'WAF_FILTERED',
]);

/** The rules. */
export const integrationRules: readonly ApiRule[] = [
  { rule: 'ApiParameters', source: NOTES, find: parameterMessages },
  { rule: 'ApiIntegrations', source: INTEGRATION, find: integrationMessages },
  { rule: 'ApiMappings', source: MAPPINGS, find: mappingMessages },
  { rule: 'ApiValidators', source: VALIDATORS, find: validatorMessages },
  { rule: 'ApiGatewayResponses', source: RESPONSES, find: responseMessages },
];

function parametersOf(operation: JsonFields): JsonFields[] {
  return itemsOf(operation.parameters).map(jsonFields);
}

function parameterMessages(document: JsonFields): string[] {
  return operationsOf(document).flatMap(({ at, path, operation }) => {
    const parameters = parametersOf(operation);
    const inPath = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = '']) => name);
    const declared = parameters.filter((one) => one.in === 'path').map(({ name }) => String(name));
    return [
      ...parameters
        .filter((one) => !['path', 'query', 'header'].includes(String(one.in)))
        .map(
          (one) =>
            `${at}: the parameter ${String(one.name)} is in ${String(one.in)}; allowed: path, query, header`,
        ),
      ...parameters
        .filter(({ name }) => !PARAMETER_NAME.test(String(name)))
        .map(
          ({ name }) => `${at}: the parameter "${String(name)}"; allowed: letters, digits and ._$-`,
        ),
      ...declared
        .filter((name) => !inPath.includes(name))
        .map((name) => `${at}: the parameter ${name} is not in the path`),
      ...inPath
        .filter((name) => !declared.includes(name))
        .map((name) => `${at}: {${name}} of the path is not a parameter`),
    ];
  });
}

function integrationMessages(document: JsonFields): string[] {
  return operationsOf(document).flatMap(({ at, operation }) => {
    const integration = operation['x-amazon-apigateway-integration'];
    if (integration === undefined) return [`${at}: there is no x-amazon-apigateway-integration`];
    return oneIntegration(jsonFields(integration)).map((message) => `${at}: ${message}`);
  });
}

function oneIntegration({ type, uri, httpMethod, timeoutInMillis: timeout }: JsonFields): string[] {
  const isMock = type === 'mock';
  const isLambda = String(uri).includes(':lambda:path/');
  const { least, most } = TIMEOUT_MS;
  const isInTime = typeof timeout !== 'number' || (timeout >= least && timeout <= most);
  return [
    ...(TYPES.includes(String(type))
      ? []
      : [`the type is ${String(type)}; allowed: ${TYPES.join(', ')}`]),
    ...(isMock || uri !== undefined ? [] : ['there is no uri']),
    ...(isMock || httpMethod !== undefined ? [] : ['there is no httpMethod']),
    ...(isLambda && httpMethod !== 'POST'
      ? [`httpMethod is ${String(httpMethod)}; functions allow POST only`]
      : []),
    ...(isLambda && !/\/functions\/arn:[^/]+\/invocations$/.test(String(uri))
      ? [
          `uri is ${String(uri)}; allowed: arn:<partition>:apigateway:<region>:lambda:path/2015-03-31/functions/<ARN>/invocations`,
        ]
      : []),
    ...(isInTime ? [] : [`timeoutInMillis is ${timeout}; allowed: ${least} to ${most}`]),
  ];
}

/** A mapping of a request may only read parameters that the method declares. */
function mappingMessages(document: JsonFields): string[] {
  return operationsOf(document).flatMap(({ at, operation }) => {
    const { requestParameters } = jsonFields(operation['x-amazon-apigateway-integration']);
    const places = parametersOf(operation).map(({ in: place, name }) => {
      const [where] = place === 'query' ? ['querystring'] : [place];
      return `method.request.${String(where)}.${String(name)}`;
    });
    return Object.entries(jsonFields(requestParameters)).flatMap(([target, value]) => [
      ...(/^integration\.request\.(header|querystring|path)\./.test(target)
        ? []
        : [`${at}: ${target} is not a mapping of the request`]),
      ...(isMapped(String(value), places)
        ? []
        : [`${at}: ${target} reads ${String(value)}, which the method does not declare`]),
    ]);
  });
}

function isMapped(value: string, declared: readonly string[]): boolean {
  return (
    /^'.*'$/.test(value) ||
    /^(context|stageVariables)\.|^method\.request\.body/.test(value) ||
    declared.includes(value)
  );
}

function validatorMessages(document: JsonFields): string[] {
  const field = 'x-amazon-apigateway-request-validator';
  const known = jsonFields(document[`${field}s`]);
  const named = [
    { at: 'the document', value: document[field] },
    ...operationsOf(document).map(({ at, operation }) => ({ at, value: operation[field] })),
  ];
  return named
    .filter(({ value }) => value !== undefined && !(String(value) in known))
    .map(({ at, value }) => `${at}: there is no validator ${String(value)} in ${field}s`);
}

function responseMessages(document: JsonFields): string[] {
  const responses = jsonFields(document['x-amazon-apigateway-gateway-responses']);
  return Object.entries(responses).flatMap(([type, response]) => {
    const { statusCode, responseParameters } = jsonFields(response);
    const isStatus = statusCode === undefined || /^[1-5]\d\d$/.test(String(statusCode));
    return [
      ...(RESPONSE_TYPES.has(type) ? [] : [`${type} is not a type of gateway response`]),
      ...(isStatus ? [] : [`${type}: statusCode is ${String(statusCode)}; allowed: 100 to 599`]),
      ...Object.entries(jsonFields(responseParameters)).flatMap(([target, value]) => [
        ...(/^gatewayresponse\.header\.[\w-]+$/.test(target)
          ? []
          : [`${type}: ${target} is not a header of the response`]),
        ...(/^'.*'$|^(method\.request|context|stageVariables)\./.test(String(value))
          ? []
          : [
              `${type}: ${target} is ${String(value)}; allowed: a text in single quotes, or a part of the request`,
            ]),
      ]),
    ];
  });
}
