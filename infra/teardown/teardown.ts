/** `npm run teardown`, apart from the process around it. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { clientConfig } from '../command-line/stack-options.ts';
import { destroyStack } from './destroy.ts';
import { listRunning } from './executions.ts';
import type { TeardownOptions } from './options.ts';
import {
  describePlan,
  type FoundRule,
  planTeardown,
  type TeardownPlan,
  undoCommands,
} from './plan.ts';
import { disableRule, readRule } from './rules.ts';
import { readStack, statusOf, TeardownError } from './stack-resources.ts';
import { stopExecutions, type TeardownTiming } from './stop-executions.ts';

/** What the process gives. */
export interface TeardownProcess {
  readonly print: (line: string) => void;
  /** Reads the answer to a question. */
  readonly ask: (question: string) => Promise<string>;
  readonly now: () => number;
  /** Rejects when `signal` aborts. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly timing: TeardownTiming;
  /** Command that deletes the stack; name and options follow. */
  readonly destroyCommand: readonly string[];
}

/** What was done so far, for the message on failure. */
interface Progress {
  readonly disabled: FoundRule[];
  stopped: number;
  isDestroying: boolean;
}

interface Clients {
  readonly cloudFormation: CloudFormationClient;
  readonly events: EventBridgeClient;
  readonly sfn: SFNClient;
}

/**
 * Deletes the stack.
 *
 * @throws TeardownError, or what AWS answers; what was done by then has been printed
 */
export async function teardown(options: TeardownOptions, process: TeardownProcess): Promise<void> {
  const config = clientConfig(options);
  const clients: Clients = {
    cloudFormation: new CloudFormationClient(config),
    events: new EventBridgeClient(config),
    sfn: new SFNClient(config),
  };
  try {
    const plan = await findPlan(clients, options.stack);
    for (const line of describePlan(plan)) process.print(line);
    await confirm(options, process);
    await carryOut(clients, plan, options, process);
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}

async function findPlan(
  { cloudFormation, events, sfn }: Clients,
  stack: string,
): Promise<TeardownPlan> {
  const { id, resources, retained } = await readStack(cloudFormation, stack);
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const rules: FoundRule[] = [];
  for (const resource of ofType('AWS::Events::Rule')) {
    rules.push(...(await readRule(events, resource)));
  }
  const machines = [];
  for (const { logicalId, physicalId: arn } of ofType('AWS::StepFunctions::StateMachine')) {
    machines.push({ logicalId, arn, running: (await listRunning(sfn, arn)).length });
  }
  return planTeardown({ id, rules, machines, retained });
}

async function confirm({ isConfirmed, stack }: TeardownOptions, process: TeardownProcess) {
  if (isConfirmed) return;
  const answer = await process.ask(`Type the name of the stack to go on: `);
  if (answer.trim() === stack) return;
  throw new TeardownError(`the answer was not ${stack}; nothing was changed`);
}

async function carryOut(
  clients: Clients,
  plan: TeardownPlan,
  options: TeardownOptions,
  process: TeardownProcess,
): Promise<void> {
  const progress: Progress = { disabled: [], stopped: 0, isDestroying: false };
  const region = plan.id.split(':')[3] ?? '';
  try {
    process.signal.throwIfAborted();
    await quiesce(clients, plan, process, progress);
    process.signal.throwIfAborted();
    progress.isDestroying = true;
    const { stack, profile } = options;
    process.print(`deleting ${stack}`);
    await destroyStack({ stack, region, profile, ...process });
    const status = await statusOf(clients.cloudFormation, plan.id);
    if (status !== 'DELETE_COMPLETE') {
      throw new TeardownError(
        `the stack is ${status}: see its events. If the CDK app here has no stack ${stack}, use: aws cloudformation delete-stack --stack-name ${stack}`,
      );
    }
    process.print(`deleted ${stack}`);
  } catch (error) {
    const undo = undoCommands(progress.disabled, region, options.profile);
    for (const line of describeProgress(progress, undo)) process.print(line);
    throw error;
  }
}

/** Stops whatever the stack runs. */
async function quiesce(
  { events, sfn }: Clients,
  plan: TeardownPlan,
  { print, signal, sleep, now, timing }: TeardownProcess,
  progress: Progress,
): Promise<void> {
  for (const rule of plan.disable) {
    signal.throwIfAborted();
    // Noted first: an answer may be lost after the rule was disabled.
    progress.disabled.push(rule);
    await disableRule(events, rule);
    print(`disabled ${rule.name}`);
  }
  await stopExecutions({
    sfn,
    machineArns: plan.machines.map(({ arn }) => arn),
    timing,
    now,
    sleep,
    print,
    onStopped: () => {
      progress.stopped += 1;
      signal.throwIfAborted();
    },
  });
}

function describeProgress({ disabled, stopped, isDestroying }: Progress, undo: readonly string[]) {
  return [
    `Done so far: ${disabled.length} rules disabled, ${stopped} executions stopped, deletion ${isDestroying ? 'started: CloudFormation may still go on with it' : 'not started'}.`,
    ...(undo.length > 0
      ? [
          'Uploads start no scan until the rules are enabled again:',
          ...undo.map((line) => `  ${line}`),
        ]
      : []),
    'Stopped executions do not resume; their objects can be scanned again. To go on, run the teardown again.',
  ];
}
