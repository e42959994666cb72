/** Reads `AWS::Events::Rule` resources whose references are resolved. */
import * as z from 'zod/mini';
import { issuesText } from '../schema-issues.ts';
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
 * @param logicalId - used as the name if the template does not set one
 * @returns undefined when the rule is disabled
 * @throws Error that names the rule and the unsupported property, for example a schedule
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

/** Returns the name at the end of an ARN; leaves a name unchanged. */
function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
