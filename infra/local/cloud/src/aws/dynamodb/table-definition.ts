/** Converts tables of the template to inputs of CreateTable. */
import * as z from 'zod/mini';
import { issuesText } from '../../schema-issues.ts';

/** A table of the template. */
export interface TableDefinition {
  readonly name: string;
  /** Properties of the `AWS::DynamoDB::Table` or `::GlobalTable`, references resolved. */
  readonly properties: unknown;
}

/** A table that the local run can create. */
export interface LocalTable {
  readonly name: string;
  readonly createInput: Readonly<Record<string, unknown>>;
  /** Attribute with an item's expiry, epoch seconds. */
  readonly ttlAttribute: string | undefined;
}

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.string() }));
const index = z.object({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.object({
    ProjectionType: z.string(),
    NonKeyAttributes: z.optional(z.array(z.string())),
  }),
});
const withoutEffect = z.optional(z.unknown());

/** Refuses every other property, for example streams. */
const propertiesSchema = z.strictObject({
  TableName: withoutEffect,
  KeySchema: keySchema,
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  GlobalSecondaryIndexes: z.optional(z.array(index)),
  LocalSecondaryIndexes: z.optional(z.array(index)),
  TimeToLiveSpecification: z.optional(
    z.object({ AttributeName: z.optional(z.string()), Enabled: z.boolean() }),
  ),
  // Capacity, encryption, backups and the like have no effect on one machine.
  BillingMode: withoutEffect,
  ProvisionedThroughput: withoutEffect,
  OnDemandThroughput: withoutEffect,
  WarmThroughput: withoutEffect,
  WriteProvisionedThroughputSettings: withoutEffect,
  WriteOnDemandThroughputSettings: withoutEffect,
  Replicas: withoutEffect,
  SSESpecification: withoutEffect,
  PointInTimeRecoverySpecification: withoutEffect,
  ContributorInsightsSpecification: withoutEffect,
  DeletionProtectionEnabled: withoutEffect,
  ResourcePolicy: withoutEffect,
  TableClass: withoutEffect,
  Tags: withoutEffect,
});

/** Reads a table's properties. @throws Error that names the table and the unsupported property */
export function localTableOf({ name, properties }: TableDefinition): LocalTable {
  const parsed = propertiesSchema.safeParse(properties);
  if (!parsed.success) {
    throw new Error(`Table ${name} cannot run here: ${issuesText(parsed.error.issues)}`);
  }
  const {
    GlobalSecondaryIndexes,
    LocalSecondaryIndexes,
    TimeToLiveSpecification: ttl,
  } = parsed.data;
  return {
    name,
    createInput: {
      TableName: name,
      KeySchema: parsed.data.KeySchema,
      AttributeDefinitions: parsed.data.AttributeDefinitions,
      BillingMode: 'PAY_PER_REQUEST',
      ...(GlobalSecondaryIndexes ? { GlobalSecondaryIndexes } : {}),
      ...(LocalSecondaryIndexes ? { LocalSecondaryIndexes } : {}),
    },
    ttlAttribute: ttl?.Enabled ? ttl.AttributeName : undefined,
  };
}
