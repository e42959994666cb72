/** What AWS checks of roles and resource policies when it creates a stack, evaluated by the rules of IAM. */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import {
  itemsOf,
  type JsonFields,
  jsonFields,
  objectsIn,
  type Resource,
} from '../../../infra/validation/refusal.ts';
import { resourcesOf } from '../../../infra/validation/template.ts';

const ACCOUNT = '000000000000';
const MANAGED_RULE = `arn:aws:events:us-east-1:${ACCOUNT}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`;

/** A call that has to be allowed, or AWS refuses to create the resource, or it never works. */
interface Need {
  /** The resource that needs it. */
  readonly of: string;
  /** ARN of a role, or name of a service. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Record<string, string>;
}

/** Returns the needs of a template that its policies do not meet, as texts. */
export async function unmetNeeds(template: unknown): Promise<string[]> {
  const resources = resourcesOf(template);
  const needs = resources.flatMap((resource) => needsOf(resource, resources));
  const unmet = await Promise.all(
    needs.map(async (need) => ((await isMet(need, resources)) ? [] : [textOf(need)])),
  );
  return unmet.flat();
}

/** Returns how many needs a template has. */
export function countNeeds(template: unknown): number {
  const resources = resourcesOf(template);
  return resources.flatMap((resource) => needsOf(resource, resources)).length;
}

function textOf({ of, principal, action, resource }: Need): string {
  return `${of}: ${principal} may not call ${action} on ${resource}`;
}

const needsByType: Readonly<
  Record<string, (resource: Resource, all: readonly Resource[]) => Need[]>
> = {
  'AWS::Lambda::EventInvokeConfig': failureDestination,
  'AWS::Lambda::EventSourceMapping': eventSource,
  'AWS::StepFunctions::StateMachine': stateMachine,
  'AWS::Events::Rule': ruleTargets,
  'AWS::ApiGateway::RestApi': apiIntegrations,
};

function needsOf(resource: Resource, all: readonly Resource[]): Need[] {
  return needsByType[resource.type]?.(resource, all) ?? [];
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function failureDestination(
  { logicalId: of, properties }: Resource,
  all: readonly Resource[],
): Need[] {
  const { OnFailure } = jsonFields(properties.DestinationConfig);
  const resource = String(jsonFields(OnFailure).Destination);
  return [
    {
      of,
      principal: roleOfFunction(properties.FunctionName, all),
      action: 'sqs:SendMessage',
      resource,
    },
  ];
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
function eventSource({ logicalId: of, properties }: Resource, all: readonly Resource[]): Need[] {
  const principal = roleOfFunction(properties.FunctionName, all);
  const resource = String(properties.EventSourceArn);
  const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  return actions.map((action) => ({ of, principal, action, resource }));
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy */
const LOG_DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

function stateMachine({ logicalId: of, properties }: Resource): Need[] {
  const principal = String(properties.RoleArn);
  const need = (action: string, resource: string) => ({ of, principal, action, resource });
  const states = objectsIn(JSON.parse(String(properties.DefinitionString)));
  return [
    ...(properties.LoggingConfiguration ? LOG_DELIVERY.map((action) => need(action, '*')) : []),
    ...states.flatMap(({ fields }) =>
      taskNeeds(fields).map(([action, resource]) => need(action, resource)),
    ),
  ];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html */
function taskNeeds({ Type, Resource, Parameters }: JsonFields): [string, string][] {
  const resource = String(Resource);
  if (Type !== 'Task') return [];
  if (resource.includes(':function:')) return [['lambda:InvokeFunction', resource]];
  if (!resource.includes(':states:::states:startExecution')) return [];
  const machine = String(jsonFields(Parameters).StateMachineArn);
  const executions = `${machine.replace(':stateMachine:', ':execution:')}:x`;
  const rule = ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'];
  return [
    ['states:StartExecution', machine],
    ...(resource.includes('.sync')
      ? [
          ['states:DescribeExecution', executions] as [string, string],
          ['states:StopExecution', executions] as [string, string],
          ...rule.map((action): [string, string] => [action, MANAGED_RULE]),
        ]
      : []),
  ];
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html */
function ruleTargets({ logicalId: of, properties }: Resource): Need[] {
  const rule = {
    'aws:SourceArn': `arn:aws:events:us-east-1:${ACCOUNT}:rule/${of}`,
    'aws:SourceAccount': ACCOUNT,
  };
  return itemsOf(properties.Targets).flatMap((target) => {
    const { Arn, RoleArn, DeadLetterConfig } = jsonFields(target);
    const arn = String(Arn);
    const dead = jsonFields(DeadLetterConfig).Arn;
    const service = 'events.amazonaws.com';
    const letter = {
      of,
      principal: service,
      action: 'sqs:SendMessage',
      resource: String(dead),
      context: rule,
    };
    const actions = {
      states: 'states:StartExecution',
      lambda: 'lambda:InvokeFunction',
      sqs: 'sqs:SendMessage',
    };
    const action =
      Object.entries(actions).find(([name]) => arn.split(':')[2] === name)?.[1] ?? 'unknown';
    return [
      { of, principal: String(RoleArn ?? service), action, resource: arn, context: rule },
      ...(dead === undefined ? [] : [letter]),
    ];
  });
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html */
function apiIntegrations({ logicalId: of, properties }: Resource): Need[] {
  const uris = objectsIn(properties.Body).flatMap(({ fields: { uri } }) =>
    typeof uri === 'string' ? [uri] : [],
  );
  return uris.map((uri) => ({
    of,
    principal: 'apigateway.amazonaws.com',
    action: 'lambda:InvokeFunction',
    resource: /functions\/(.+)\/invocations$/.exec(uri)?.[1] ?? uri,
  }));
}

function roleOfFunction(name: unknown, all: readonly Resource[]): string {
  const found = all.find(
    ({ type, logicalId }) => type === 'AWS::Lambda::Function' && String(name).includes(logicalId),
  );
  return String(found?.properties.Role);
}

async function isMet(need: Need, all: readonly Resource[]): Promise<boolean> {
  const { principal, action, resource, context = {} } = need;
  const isService = !principal.startsWith('arn:');
  if (isService && action === 'lambda:InvokeFunction') return hasLambdaPermission(need, all);
  const response = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: context,
      },
      identityPolicies: isService ? [] : policiesOf(principal, all),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: isService ? queuePolicy(resource, all) : undefined,
    },
    {},
  );
  if (response.resultType === 'error')
    throw new Error(`${textOf(need)}: ${JSON.stringify(response.errors)}`);
  return response.overallResult === 'Allowed';
}

/** Lambda keeps the permissions of services in a policy that templates write as single resources. */
function hasLambdaPermission({ principal, resource }: Need, all: readonly Resource[]): boolean {
  return all.some(
    ({ type, properties }) =>
      type === 'AWS::Lambda::Permission' &&
      properties.Principal === principal &&
      properties.Action === 'lambda:InvokeFunction' &&
      [resource, resource.split(':').at(-1)].includes(String(properties.FunctionName)),
  );
}

function policiesOf(roleArn: string, all: readonly Resource[]) {
  const role = roleArn.split('/').at(-1);
  return all
    .filter(
      ({ type, properties }) =>
        type === 'AWS::IAM::Policy' && itemsOf(properties.Roles).includes(role),
    )
    .map(({ logicalId: name, properties }) => ({
      name,
      policy: jsonFields(properties.PolicyDocument),
    }));
}

function queuePolicy(queueArn: string, all: readonly Resource[]) {
  const queue = queueArn.split(':').at(-1);
  const found = all.find(
    ({ type, properties }) =>
      type === 'AWS::SQS::QueuePolicy' && itemsOf(properties.Queues).includes(queue),
  );
  return found && jsonFields(found.properties.PolicyDocument);
}
