/** What a teardown does, from what was found in the account. Pure. */

/** A resource that CloudFormation keeps. */
export interface RetainedResource {
  readonly type: string;
  readonly name: string;
}

/** An EventBridge rule of the stack. */
export interface FoundRule {
  readonly logicalId: string;
  readonly name: string;
  /** @default the account's default bus */
  readonly bus?: string | undefined;
  readonly isEnabled: boolean;
  /** JSON; rules with a schedule have none. */
  readonly pattern?: string | undefined;
  readonly targetArns: readonly string[];
}

/** A state machine of the stack. */
export interface FoundMachine {
  readonly logicalId: string;
  readonly arn: string;
  /** Executions that run now. */
  readonly running: number;
}

/** What was found. */
export interface FoundStack {
  /** ARN, which includes account and Region. */
  readonly id: string;
  readonly rules: readonly FoundRule[];
  readonly machines: readonly FoundMachine[];
  readonly retained: readonly RetainedResource[];
}

/** What is done before the stack is deleted. */
export interface TeardownPlan extends Pick<FoundStack, 'id' | 'machines' | 'retained'> {
  /** Enabled rules that start executions. */
  readonly disable: readonly FoundRule[];
  /** Rules on ended executions: they record those that are stopped, so they stay enabled. */
  readonly keep: readonly FoundRule[];
}

/**
 * Plans the teardown. A rule that starts a state machine of the stack is disabled whatever its pattern is: one
 * on ended executions would start an execution for each that is stopped.
 */
export function planTeardown({ id, rules, machines, retained }: FoundStack): TeardownPlan {
  const arns = new Set(machines.map(({ arn }) => arn));
  const starts = ({ targetArns }: FoundRule) => targetArns.some((arn) => arns.has(arn));
  return {
    id,
    machines,
    retained,
    disable: rules.filter((rule) => rule.isEnabled && starts(rule)),
    keep: rules.filter((rule) => isOnExecutions(rule) && !starts(rule)),
  };
}

function isOnExecutions({ pattern = '{}' }: FoundRule): boolean {
  const { source }: { source?: unknown } = JSON.parse(pattern);
  return Array.isArray(source) && source.includes('aws.states');
}

/** Returns the plan as lines to print. */
export function describePlan(plan: TeardownPlan): string[] {
  const { id, machines, disable, keep, retained } = plan;
  const running = machines.filter((machine) => machine.running > 0);
  return [
    `This deletes the stack ${id}`,
    ...section('Rules to disable, so that no more executions start:', disable.map(nameOf)),
    ...section(
      'Rules that stay until the stack is deleted, to record what is stopped:',
      keep.map((rule) =>
        rule.isEnabled
          ? nameOf(rule)
          : `${nameOf(rule)} (DISABLED: stopped executions are not recorded)`,
      ),
    ),
    ...section(
      'Running executions to stop:',
      running.map((machine) => `${machine.running} of ${machine.logicalId}`),
    ),
    ...section(
      'Resources that stay in the account (DeletionPolicy):',
      retained.map(({ type, name }) => `${type} ${name}`),
    ),
    'Everything else in the stack is deleted, with the content of its dead-letter queue and table.',
  ];
}

function section(title: string, items: readonly string[]): string[] {
  return [title, ...(items.length > 0 ? items : ['none']).map((item) => `  ${item}`)];
}

const nameOf = ({ name, logicalId }: FoundRule) => `${name} (${logicalId})`;

/** Returns the commands that enable rules again. */
export function undoCommands(
  rules: readonly FoundRule[],
  region: string,
  profile: string | undefined,
): string[] {
  return rules.map(({ name, bus }) =>
    [
      'aws events enable-rule --name',
      name,
      ...(bus === undefined ? [] : ['--event-bus-name', bus]),
      '--region',
      region,
      ...(profile === undefined ? [] : ['--profile', quoted(profile)]),
    ].join(' '),
  );
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w.@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
