/** What CloudFormation knows of the stack, including nested stacks. */
import {
  type CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import type { RetainedResource } from './plan.ts';

/** The teardown cannot go on; the message says why, and what to do. */
export class TeardownError extends Error {
  override readonly name = 'TeardownError';
}

/** A resource that exists. */
export interface StackResource {
  readonly logicalId: string;
  /** Name or ARN. */
  readonly physicalId: string;
  readonly type: string;
}

/** Resources of the stack. */
export interface StackContent {
  /** ARN, which includes account and Region. */
  readonly id: string;
  readonly resources: readonly StackResource[];
  readonly retained: readonly RetainedResource[];
}

/**
 * Reads the stack.
 *
 * @throws TeardownError if it does not exist or cannot be deleted now
 */
export async function readStack(client: CloudFormationClient, name: string): Promise<StackContent> {
  const { Stacks: [stack] = [] } = await client.send(
    new DescribeStacksCommand({ StackName: name }),
  );
  const {
    StackId: id,
    StackStatus: status = '',
    EnableTerminationProtection: isProtected,
  } = stack ?? {};
  if (id === undefined) throw new TeardownError(`there is no stack ${name}`);
  if (isProtected) {
    throw new TeardownError(
      `termination protection of ${name} is on; switch it off first: aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}`,
    );
  }
  if (status.endsWith('_IN_PROGRESS')) {
    throw new TeardownError(`${name} is ${status}; wait until that has ended`);
  }
  const { resources, retained } = await readResources(client, id);
  return { id, resources, retained };
}

/** Returns the status of a stack by its ARN; deleted stacks keep theirs for 90 days. */
export async function statusOf(client: CloudFormationClient, id: string): Promise<string> {
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: id }));
  return stack?.StackStatus ?? 'unknown';
}

/** Reads the resources of a stack and of those nested in it. */
async function readResources(
  client: CloudFormationClient,
  stackName: string,
): Promise<Pick<StackContent, 'resources' | 'retained'>> {
  const resources: StackResource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    resources.push(...(page.StackResourceSummaries ?? []).flatMap(existing));
  }
  const keeps = await readRetained(client, stackName);
  const retained = resources
    .filter(({ logicalId }) => keeps.has(logicalId))
    .map(({ type, physicalId }) => ({ type, name: physicalId }));
  for (const { type, physicalId } of [...resources]) {
    if (type !== 'AWS::CloudFormation::Stack') continue;
    const nested = await readResources(client, physicalId);
    resources.push(...nested.resources);
    retained.push(...nested.retained);
  }
  return { resources, retained };
}

/** A resource that failed to be created has no physical id; a deleted one is still listed. */
function existing(summary: StackResourceSummary): StackResource[] {
  const { LogicalResourceId: logicalId = '', PhysicalResourceId: physicalId } = summary;
  if (!physicalId || summary.ResourceStatus === 'DELETE_COMPLETE') return [];
  return [{ logicalId, physicalId, type: summary.ResourceType ?? '' }];
}

/** Returns the logical ids that the template retains. */
async function readRetained(
  client: CloudFormationClient,
  stackName: string,
): Promise<ReadonlySet<string>> {
  const { TemplateBody: body = '' } = await client.send(
    new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Processed' }),
  );
  const entries = Object.entries(resourcesOf(body, stackName));
  // Also RetainExceptOnCreate, whose exception is a creation that fails.
  return new Set(
    entries.flatMap(([id, { DeletionPolicy: policy = '' }]) =>
      policy.startsWith('Retain') ? [id] : [],
    ),
  );
}

function resourcesOf(body: string, stackName: string): Record<string, { DeletionPolicy?: string }> {
  try {
    return JSON.parse(body).Resources ?? {};
  } catch {
    throw new TeardownError(`the template of ${stackName} is not JSON, as CDK deploys it`);
  }
}
