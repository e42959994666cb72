/** Every kind of refusal, planted into the real template: each is found, and its message names what is wrong. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnectorApp } from '../../../infra/connector-app.ts';
import { refusalsOf } from '../../../infra/validation/deployment-checks.ts';
import { synthesise, type TemplateJson } from '../synthesise.ts';

const template = synthesise().template.toJSON();

/** A copy of the template, and its only resource of a type whose logical id contains a text. */
function copyOf(
  type: string,
  part: string,
): { copy: TemplateJson; id: string; properties: TemplateJson } {
  const copy = structuredClone(template);
  const ids = Object.keys(copy.Resources).filter(
    (id) => copy.Resources[id].Type === type && id.includes(part),
  );
  const [id = ''] = ids;
  if (ids.length !== 1) throw new Error(`${ids.length} of ${type} ${part}: ${ids.join(', ')}`);
  return { copy, id, properties: copy.Resources[id].Properties };
}

/** The messages that the planted fault adds, all of which have to name the resource. */
function found({ copy, id }: { copy: TemplateJson; id: string }): string {
  const refusals = refusalsOf(copy);
  expect(new Set(refusals.map(({ logicalId }) => logicalId))).toEqual(new Set([id]));
  return refusals.map(({ rule, message }) => `${rule}: ${message}`).join('\n');
}

it('finds nothing in the template as it is', () => {
  expect(refusalsOf(template)).toEqual([]);
});

describe('a definition', () => {
  const call = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  const pass = { Type: 'Pass', End: true };
  const task = { Type: 'Task', Resource: call, End: true };
  const processor = { StartAt: 'B', States: { B: pass } };
  const distributed = {
    Type: 'Map',
    ItemProcessor: {
      ...processor,
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    },
    ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', Parameters: { Bucket: 'b' } },
    ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b' } },
    Label: 'Items',
    End: true,
  };

  const messagesOf = (A: object, more: object = {}) => {
    const { copy, id, properties } = copyOf('AWS::StepFunctions::StateMachine', 'ScanUrl');
    properties.DefinitionString = JSON.stringify({ StartAt: 'A', States: { A }, ...more });
    return { copy, id, properties };
  };

  it.each<[string, object, string]>([
    [
      'a state that leads nowhere',
      { ...pass, End: undefined, Next: 'C' },
      'MISSING_TRANSITION_TARGET',
    ],
    ['no end', { Type: 'Pass' }, 'StateMachineLanguage'],
    ['a malformed path', { ...pass, Parameters: { 'x.$': 'x' } }, '/States/A/Parameters/x.$'],
    [
      'an unknown function of the language',
      { ...pass, Parameters: { 'x.$': 'States.Sum(1)' } },
      'asl_payload_template',
    ],
    [
      'an unknown integration',
      { ...task, Resource: 'arn:aws:states:::s3:copyObject' },
      "the task's resource is arn:aws:states:::s3:copyObject; allowed: ",
    ],
    [
      'retries after States.ALL',
      { ...task, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] },
      'state "A": Retry[0] has States.ALL before other entries',
    ],
    [
      'States.ALL with others',
      { ...task, Catch: [{ ErrorEquals: ['States.ALL', 'X'], Next: 'A' }] },
      'Catch[0] has States.ALL with other errors',
    ],
    [
      'a reader of an inline Map',
      { Type: 'Map', ItemProcessor: processor, ItemReader: distributed.ItemReader, End: true },
      'state "A": has ItemReader, which only a distributed Map may have',
    ],
    [
      'an unknown reader',
      { ...distributed, ItemReader: { Resource: 'arn:aws:states:::s3:listBuckets' } },
      'ItemReader has the resource arn:aws:states:::s3:listBuckets',
    ],
    [
      'an unknown writer',
      { ...distributed, ResultWriter: { Resource: 'arn:aws:states:::s3:copyObject' } },
      'ResultWriter has the resource',
    ],
    ['a label with a space', { ...distributed, Label: 'all items' }, 'the Label is "all items"'],
  ])('with %s is refused', (_, state, message) => {
    const planted = found(messagesOf(state));
    expect(planted).toContain(message);
  });

  it('with a distributed Map is accepted, and refused in an EXPRESS state machine', () => {
    const { copy, id, properties } = messagesOf(distributed);
    expect(refusalsOf(copy)).toEqual([]);
    properties.StateMachineType = 'EXPRESS';
    expect(found({ copy, id })).toContain('cannot have a distributed Map');
  });

  it('with a state name of 81 characters is refused', () => {
    const { copy, id, properties } = copyOf('AWS::StepFunctions::StateMachine', 'ScanUrl');
    const name = 'n'.repeat(81);
    properties.DefinitionString = JSON.stringify({ StartAt: name, States: { [name]: pass } });
    expect(found({ copy, id })).toContain('/States is invalid');
  });

  it('that is too large, or no JSON, is refused', () => {
    expect(found(messagesOf({ ...pass, Comment: 'x'.repeat(1_048_576) }))).toContain(
      'allowed: 1048576',
    );
    const { copy, id, properties } = messagesOf(pass);
    properties.DefinitionString = '{';
    expect(found({ copy, id })).toBe('StateMachineJson: the definition is not JSON');
  });

  it('is refused with a name that has a space', () => {
    const { copy, id, properties } = messagesOf(pass);
    properties.StateMachineName = 'Scan URL';
    expect(found({ copy, id })).toContain('StateMachineName: got "Scan URL"');
  });
});

describe('a route', () => {
  const integrationOf = (body: TemplateJson) =>
    body.paths['/files/{resource}'].get['x-amazon-apigateway-integration'];

  it.each<[string, (body: TemplateJson) => void, string]>([
    [
      'of OpenAPI 3.1',
      (body) => {
        body.openapi = '3.1.0';
      },
      'ApiVersion: openapi is 3.1.0; allowed: 3.0.x',
    ],
    [
      'with a parameter within a segment',
      (body) => rename(body, '/files/{resource}', '/files/id-{resource}'),
      'ApiPathSegments: /files/id-{resource}: the segment "id-{resource}"',
    ],
    [
      'with a greedy parameter in the middle',
      (body) => rename(body, '/files/{resource}', '/files/{resource+}/x'),
      '{name+} is allowed in the last segment only',
    ],
    [
      'beside another variable one',
      (body) => {
        body.paths['/files/{digest}'] = parameterised(body, 'digest');
      },
      'ApiPathVariables: /files/{resource} and /files/{digest}',
    ],
    [
      'that the health check has',
      (body) => rename(body, '/urls', '/ping'),
      'ApiReservedPaths: /ping',
    ],
    [
      'with an unknown method',
      (body) => {
        body.paths['/urls'].trace = body.paths['/urls'].get;
      },
      'ApiMethods: TRACE /urls',
    ],
    [
      'without an integration',
      (body) => {
        delete body.paths['/files/{resource}'].get['x-amazon-apigateway-integration'];
      },
      'ApiIntegrations: GET /files/{resource}: there is no',
    ],
    [
      'with an unknown kind of integration',
      (body) => {
        integrationOf(body).type = 'lambda';
      },
      'the type is lambda; allowed: aws, aws_proxy',
    ],
    [
      'whose function gets GET',
      (body) => {
        integrationOf(body).httpMethod = 'GET';
      },
      'functions allow POST only',
    ],
    [
      'to the ARN of a function',
      (body) => {
        integrationOf(body).uri = 'arn:aws:apigateway:us-east-1:lambda:path/f';
      },
      'uri is arn:aws:apigateway:us-east-1:lambda:path/f',
    ],
    [
      'that waits for longer than 29 s',
      (body) => {
        integrationOf(body).timeoutInMillis = 30_000;
      },
      'timeoutInMillis is 30000; allowed: 50 to 29000',
    ],
    [
      'with a mapping of what it does not declare',
      (body) => {
        integrationOf(body).requestParameters = {
          'integration.request.header.X': 'method.request.header.Authorization',
        };
      },
      'ApiMappings: GET /files/{resource}: integration.request.header.X reads method.request.header.Authorization',
    ],
    [
      'whose path parameter is not declared',
      (body) => {
        body.paths['/files/{resource}'].get.parameters = [];
      },
      'ApiParameters: GET /files/{resource}: {resource} of the path is not a parameter',
    ],
    [
      'with a parameter that its path does not have',
      (body) => {
        body.paths['/urls'].get.parameters.push({ name: 'x', in: 'path' });
      },
      'GET /urls: the parameter x is not in the path',
    ],
    [
      'with a cookie',
      (body) => {
        body.paths['/urls'].get.parameters.push({ name: 'x', in: 'cookie' });
      },
      'the parameter x is in cookie',
    ],
    [
      'with brackets in a parameter',
      (body) => {
        body.paths['/urls'].get.parameters.push({ name: 'x[]', in: 'query' });
      },
      'the parameter "x[]"',
    ],
    [
      'with a hyphen in the name of a model',
      (body) => {
        body.components.schemas['Json-Object'] = {};
      },
      'ApiModelNames: the schema "Json-Object"',
    ],
    [
      'with a reference to another file',
      (body) => {
        body.paths['/urls'].post.requestBody.content['application/json'].schema.$ref =
          'models.json#/Url';
      },
      'ApiReferences: /paths//urls/post/requestBody',
    ],
    [
      'with a reference to no model',
      (body) => {
        body.paths['/urls'].post.requestBody.content['application/json'].schema.$ref =
          '#/components/schemas/Url';
      },
      '$ref is #/components/schemas/Url',
    ],
    [
      'with keywords that models do not have',
      (body) => {
        body.components.schemas.JsonObject = {
          properties: { example: { type: 'string', nullable: true } },
        };
      },
      'ApiSchemas: /components/schemas/JsonObject/properties/example: nullable is not supported',
    ],
    [
      'with a number of int64',
      (body) => {
        body.components.schemas.JsonObject = { type: 'number', format: 'int64' };
      },
      'a number with the format int64',
    ],
    [
      'with OAuth',
      (body) => {
        body.components.securitySchemes.iam.type = 'oauth2';
      },
      'ApiSecurity: the security scheme iam has the type oauth2',
    ],
    [
      'with unknown security',
      (body) => {
        body.paths['/urls'].get.security = [{ token: [] }];
      },
      'GET /urls: there is no security scheme token',
    ],
    [
      'with an unknown validator',
      (body) => {
        body['x-amazon-apigateway-request-validator'] = 'all';
      },
      'ApiValidators: the document: there is no validator all',
    ],
    [
      'with an unknown gateway response',
      (body) => {
        body['x-amazon-apigateway-gateway-responses'].TEAPOT = {};
      },
      'TEAPOT is not a type of gateway response',
    ],
    [
      'with a header that is not quoted',
      (body) => {
        body['x-amazon-apigateway-gateway-responses'].THROTTLED.responseParameters[
          'gatewayresponse.header.Retry-After'
        ] = '1';
      },
      'THROTTLED: gatewayresponse.header.Retry-After is 1; allowed: a text in single quotes',
    ],
    [
      'of more than 300 resources',
      (body) => {
        for (let n = 0; n < 300; n += 1) body.paths[`/x${n}`] = body.paths['/urls'];
      },
      'resources; allowed: 300',
    ],
  ])('%s is refused', (_, plant, message) => {
    const { copy, id, properties } = copyOf('AWS::ApiGateway::RestApi', 'Api');
    plant(properties.Body);
    expect(found({ copy, id })).toContain(message);
  });
});

describe('a policy', () => {
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

  it.each<[string, object, string]>([
    [
      'an action that does not exist',
      { Action: 's3:GetObjekt' },
      'PolicyActions: identity policy: Statement[0]: the action s3:GetObjekt: the service s3 has no such action',
    ],
    [
      'a service that does not exist',
      { Action: 'stepfunctions:StartExecution' },
      'the action stepfunctions:StartExecution: stepfunctions is not among',
    ],
    [
      'an action without a service',
      { Action: 'GetObject' },
      'PolicySyntax: identity policy: Statement[0].Action',
    ],
    [
      'a resource that is no ARN',
      { Resource: 'my-bucket/*' },
      'PolicyResources: identity policy: Statement[0]: the resource my-bucket/*',
    ],
    ['an effect in lower case', { Effect: 'allow' }, 'Statement[0].Effect'],
    [
      'a condition operator that does not exist',
      { Condition: { StringEqual: { 'aws:PrincipalTag/a': 'b' } } },
      'PolicyConditions: identity policy: Statement[0]: the condition operator StringEqual',
    ],
    ['a principal', { Principal: '*' }, 'Principal is not allowed in an identity policy'],
    ['a Sid with a space', { Sid: 'read objects' }, 'the Sid is "read objects"'],
    ['an unknown field', { Resources: '*' }, 'Invalid key Resources'],
    [
      'more than 10,240 bytes',
      {
        Resource: Array.from(
          { length: 300 },
          (_, n) => `arn:aws:s3:::bucket-number-${n}-of-many/*`,
        ),
      },
      'PolicySize: identity policy: it has',
    ],
  ])('of a role with %s is refused', (_, fault, message) => {
    const { copy, id, properties } = copyOf('AWS::IAM::Policy', 'KeepReport');
    properties.PolicyDocument.Statement = [{ ...statement, ...fault }];
    expect(found({ copy, id })).toContain(message);
  });

  it.each<[string, object, string]>([
    [
      'an object action on the bucket',
      { Action: 's3:GetObject', Resource: 'arn:aws:s3:::b' },
      'PolicyBucketResources: resource policy: Statement[0]: the action s3:GetObject does not apply to any of its resources',
    ],
    [
      'a bucket action on objects',
      { Action: 's3:ListBucket' },
      'the action s3:ListBucket does not apply',
    ],
    [
      'no principal',
      { Principal: undefined },
      'PolicyPrincipals: resource policy: Statement[0]: there is no principal',
    ],
    ['a user name as principal', { Principal: { AWS: 'alice' } }, 'the AWS principal alice'],
    [
      'a service name as principal',
      { Principal: { Service: 'lambda' } },
      'the Service principal lambda',
    ],
    [
      'an unknown kind of principal',
      { Principal: { Servce: 'lambda.amazonaws.com' } },
      'Invalid key Servce',
    ],
  ])('of a bucket with %s is refused', (_, fault, message) => {
    const { copy, id, properties } = copyOf('AWS::S3::BucketPolicy', 'UploadBucket');
    properties.PolicyDocument.Statement = [{ ...statement, Principal: '*', ...fault }];
    expect(found({ copy, id })).toContain(message);
  });

  it('of a queue with an unknown action is refused', () => {
    const { copy, id, properties } = copyOf('AWS::SQS::QueuePolicy', 'DeadLetterQueue');
    properties.PolicyDocument.Statement[0].Action = 'sqs:Send';
    expect(found({ copy, id })).toContain(
      'the action sqs:Send: the service sqs has no such action',
    );
  });

  it('of trust in an action of another service, and with a resource, is refused', () => {
    const { copy, id, properties } = copyOf('AWS::IAM::Role', 'KeepReport');
    const [trust] = properties.AssumeRolePolicyDocument.Statement;
    trust.Action = 'lambda:InvokeFunction';
    trust.Resource = '*';
    const planted = found({ copy, id });
    expect(planted).toContain(
      'trust policy: Statement[0]: the action lambda:InvokeFunction; allowed: actions of sts',
    );
    expect(planted).toContain('Resource is not allowed in a trust policy');
  });
});

it('fails the synthesis, with the rule, the message and the path of the construct', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'virustotal-connector-planted-'));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  const { app, stack } = createConnectorApp({
    outdir,
    context: { 'aws:cdk:bundling-stacks': [] },
  });
  const role = new Role(stack, 'Careless', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['s3:GetObjekt'], resources: ['arn:aws:s3:::b/a'] }),
  );
  expect(() => app.synth()).toThrow(
    /the action s3:GetObjekt: the service s3 has no such action.*VirusTotalConnector\/Careless\/DefaultPolicy.*DeploymentChecks::PolicyActions/s,
  );
});

function rename(body: TemplateJson, from: string, to: string): void {
  body.paths[to] = body.paths[from];
  delete body.paths[from];
}

/** The operation of one file, with another name of its parameter. */
function parameterised(body: TemplateJson, name: string): TemplateJson {
  const item = structuredClone(body.paths['/files/{resource}']);
  item.get.parameters = [{ name, in: 'path', required: true, schema: { type: 'string' } }];
  return item;
}
