/** The stack's EventBridge rules. */
import {
  DescribeRuleCommand,
  DisableRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import type { FoundRule } from './plan.ts';
import type { StackResource } from './stack-resources.ts';

/** Reads a rule with its targets. A rule that is gone, as after a failed deletion, is left out. */
export async function readRule(
  client: EventBridgeClient,
  { logicalId, physicalId }: StackResource,
): Promise<FoundRule[]> {
  // CloudFormation's id of a rule on another bus is `bus|rule`.
  const [name = '', bus] = physicalId.split('|').toReversed();
  try {
    const rule = await client.send(new DescribeRuleCommand({ Name: name, EventBusName: bus }));
    return [
      {
        logicalId,
        name,
        bus,
        isEnabled: rule.State !== 'DISABLED',
        pattern: rule.EventPattern,
        targetArns: await readTargets(client, name, bus),
      },
    ];
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}

async function readTargets(
  client: EventBridgeClient,
  name: string,
  bus: string | undefined,
): Promise<string[]> {
  const arns: string[] = [];
  let next: string | undefined;
  do {
    const { Targets = [], NextToken } = await client.send(
      new ListTargetsByRuleCommand({ Rule: name, EventBusName: bus, NextToken: next }),
    );
    arns.push(...Targets.flatMap(({ Arn }) => Arn ?? []));
    next = NextToken;
  } while (next !== undefined);
  return arns;
}

/** Stops a rule from matching events. Some may still match for a moment. */
export async function disableRule(client: EventBridgeClient, rule: FoundRule): Promise<void> {
  await client.send(new DisableRuleCommand({ Name: rule.name, EventBusName: rule.bus }));
}
