/** CloudFormation's API for the one stack that runs: what it is made of (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html). */
import type { LocalStack } from '../template/load-assembly.ts';
import { readBody } from './http/json.ts';
import { AwsRefusal } from './http/refusal.ts';
import type { AwsExchange, AwsService } from './http/service.ts';
import { answerXml, element, type Xml } from './http/xml.ts';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

type Described = Pick<LocalStack, 'stackName' | 'stackId' | 'resources' | 'outputs'>;

/** Returns the content of an action's result. */
type Action = (stack: Described, createdAt: string) => Xml;

const actions: ReadonlyMap<string, Action> = new Map([
  ['DescribeStacks', describeStacks],
  ['ListStackResources', listStackResources],
]);

/**
 * Serves DescribeStacks and ListStackResources.
 *
 * @param now - epoch milliseconds
 */
export function createCloudFormation(stack: Described, now: () => number): AwsService {
  const createdAt = new Date(now()).toISOString();
  return {
    names: ['cloudformation'],
    errorFormat: 'query',
    handle: (exchange) => serve(stack, createdAt, exchange),
    close: async () => undefined,
  };
}

async function serve(
  stack: Described,
  createdAt: string,
  { request, response, note }: AwsExchange,
): Promise<void> {
  const form = new URLSearchParams((await readBody(request)).toString());
  const name = form.get('Action') ?? 'none';
  const action = actions.get(name);
  if (!action) {
    const served = [...actions.keys()].join(', ');
    const message = `The local run does not serve cloudformation:${name}. Served here: ${served}.`;
    throw new AwsRefusal('NotImplemented', message, 501);
  }
  note(`cloudformation:${name}`, [stack.stackId]);
  const asked = form.get('StackName');
  if (asked !== null && asked !== stack.stackName && asked !== stack.stackId) {
    throw new AwsRefusal('ValidationError', `Stack with id ${asked} does not exist`);
  }
  const requestId = String(response.getHeader('x-amzn-requestid'));
  const metadata = element('ResponseMetadata', element('RequestId', requestId));
  const result = element(`${name}Result`, action(stack, createdAt));
  answerXml(response, 200, element(`${name}Response`, result, metadata), NAMESPACE);
}

function describeStacks({ stackName, stackId, outputs }: Described, createdAt: string): Xml {
  const members = Object.entries(outputs).map(([key, value]) =>
    element('member', element('OutputKey', key), element('OutputValue', value)),
  );
  return element(
    'Stacks',
    element(
      'member',
      element('StackName', stackName),
      element('StackId', stackId),
      element('CreationTime', createdAt),
      element('StackStatus', 'CREATE_COMPLETE'),
      element('Outputs', ...members),
    ),
  );
}

function listStackResources({ resources }: Described, createdAt: string): Xml {
  const members = resources.map(({ logicalId, type, physicalId }) =>
    element(
      'member',
      element('LogicalResourceId', logicalId),
      element('PhysicalResourceId', physicalId),
      element('ResourceType', type),
      element('ResourceStatus', 'CREATE_COMPLETE'),
      element('LastUpdatedTimestamp', createdAt),
    ),
  );
  return element('StackResourceSummaries', ...members);
}
