/** Loads the synthesised stack for the local run. */
import type { LocalFunction } from '../types.ts';
import { readAssembly } from './assembly.ts';
import { Resolver } from './resolver.ts';
import { apisOf, type LocalApi } from './views/apis.ts';
import { bucketsOf, type LocalBucket } from './views/buckets.ts';
import { eventSourcesOf, type LocalEventSource } from './views/event-sources.ts';
import { functionsOf } from './views/functions.ts';
import type { LocalNotification } from './views/notification-rules.ts';
import { notificationsOf } from './views/notifications.ts';
import { type LocalQueue, queuesOf } from './views/queues.ts';
import { type LocalRole, roleIdsOf, rolesOf } from './views/roles.ts';
import { busesOf, type LocalBus, rulesOf, type TemplateRule } from './views/rules.ts';
import { stateMachinesOf, type TemplateStateMachine } from './views/state-machines.ts';
import { type LocalSecret, type LocalTableResource, secretsOf, tablesOf } from './views/stores.ts';

/** A resource of the template. */
export interface LocalResource {
  readonly logicalId: string;
  readonly type: string;
  /** Name, id or ARN: the value of `Ref`. */
  readonly physicalId: string;
}

/** A stack with its references resolved. Names and ARNs are those of the local engines. */
export interface LocalStack {
  readonly stackName: string;
  /** ARN. */
  readonly stackId: string;
  /** Every resource of the template. */
  readonly resources: readonly LocalResource[];
  readonly functions: readonly LocalFunction[];
  readonly eventSources: readonly LocalEventSource[];
  readonly apis: readonly LocalApi[];
  readonly buckets: readonly LocalBucket[];
  readonly notifications: readonly LocalNotification[];
  readonly secrets: readonly LocalSecret[];
  readonly tables: readonly LocalTableResource[];
  readonly queues: readonly LocalQueue[];
  readonly buses: readonly LocalBus[];
  readonly rules: readonly TemplateRule[];
  readonly stateMachines: readonly TemplateStateMachine[];
  /** By logical id. */
  readonly roles: ReadonlyMap<string, LocalRole>;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Reads a cloud assembly (`cdk.out`).
 *
 * @throws UnsupportedTemplateError that names what the local run does not support
 */
export function loadAssembly(directory: string): LocalStack {
  const { stackName, template } = readAssembly(directory);
  const resolver = new Resolver(template, stackName);
  const roles = rolesOf(resolver);
  const roleIds = roleIdsOf(roles);
  const functions = functionsOf(resolver, directory, roleIds);
  const queues = queuesOf(resolver);
  return {
    stackName,
    stackId: String(resolver.ref('AWS::StackId')),
    resources: resolver.allResources(),
    functions,
    eventSources: eventSourcesOf(resolver, functions, queues),
    apis: apisOf(resolver),
    buckets: bucketsOf(resolver),
    notifications: notificationsOf(resolver, functions, queues),
    secrets: secretsOf(resolver),
    tables: tablesOf(resolver),
    queues,
    buses: busesOf(resolver),
    rules: rulesOf(resolver, roles),
    stateMachines: stateMachinesOf(resolver, roleIds),
    roles: new Map(roles.map((role) => [role.logicalId, role])),
    outputs: resolver.outputs(),
  };
}
