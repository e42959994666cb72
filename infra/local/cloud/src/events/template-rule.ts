/** Rules of the template: `AWS::Events::Rule`, references resolved. */
import * as z from 'zod/mini';
import { issuesText } from '../aws/schema-issues.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../types.ts';
import { DEFAULT_BUS, type EventRule, type EventTarget } from './rule.ts';

const text = z.string();

/** Refuses everything else: inputs other than the whole event, parameters of particular targets. */
const targetSchema = z.strictObject({
  Id: text,
  Arn: text,
  RoleArn: z.optional(text),
  RetryPolicy: z.optional(
    z.strictObject({
      MaximumRetryAttempts: z.optional(z.int()),
      MaximumEventAgeInSeconds: z.optional(z.int()),
    }),
  ),
  DeadLetterConfig: z.optional(z.strictObject({ Arn: z.optional(text) })),
});

const ruleSchema = z.strictObject({
  Name: z.optional(text),
  Description: z.optional(text),
  EventBusName: z.optional(text),
  EventPattern: z.record(text, z.unknown()),
  State: z.optional(z.enum(['ENABLED', 'DISABLED'])),
  Targets: z.optional(z.array(targetSchema)),
  Tags: z.optional(z.unknown()),
});

/**
 * Reads a rule.
 *
 * @param logicalId - its name, when the template gives none
 * @returns undefined when the rule is disabled
 * @throws Error that names the rule and what the local run does not have, a schedule for example
 */
export function ruleOfTemplate(logicalId: string, properties: unknown): EventRule | undefined {
  const parsed = ruleSchema.safeParse(properties);
  if (!parsed.success) {
    throw new Error(`Rule ${logicalId} cannot run here: ${issuesText(parsed.error.issues)}`);
  }
  const { Name: name = logicalId, EventBusName, EventPattern, State, Targets = [] } = parsed.data;
  if (State === 'DISABLED') return undefined;
  const eventBusName = lastOf(EventBusName ?? DEFAULT_BUS);
  const path = eventBusName === DEFAULT_BUS ? name : `${eventBusName}/${name}`;
  return {
    name,
    arn: `arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:rule/${path}`,
    eventBusName,
    pattern: EventPattern,
    targets: Targets.map(targetOf),
  };
}

function targetOf(target: z.infer<typeof targetSchema>): EventTarget {
  const { RoleArn, RetryPolicy } = target;
  return {
    arn: target.Arn,
    roleId: RoleArn && lastOf(RoleArn),
    retryPolicy: {
      maximumRetryAttempts: RetryPolicy?.MaximumRetryAttempts,
      maximumEventAgeInSeconds: RetryPolicy?.MaximumEventAgeInSeconds,
    },
    deadLetterArn: target.DeadLetterConfig?.Arn,
  };
}

/** The name at the end of an ARN; a name as it is. */
function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
