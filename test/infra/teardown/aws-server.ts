/** An HTTP server on loopback that answers CloudFormation, EventBridge and Step Functions for one stack. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export const STACK_ID =
  'arn:aws:cloudformation:eu-central-1:123456789012:stack/VirusTotalConnector/6f1c';
export const SCANS = machineArn('ScanUpload');
export const LOOKUPS = machineArn('FileReputation');

export function machineArn(name: string): string {
  return `arn:aws:states:eu-central-1:123456789012:stateMachine:${name}`;
}

/** A failure of one call. */
interface Failure {
  readonly call: string;
  readonly error: string;
}

/** What the account holds; tests change it. */
export interface Account {
  /** Running executions by state machine. */
  readonly running: Map<string, string[]>;
  status: string;
  isProtected: boolean;
  /** Their keys are the names. */
  readonly rules: Map<string, { state: string; pattern: object; targets: string[] }>;
  readonly failures: Failure[];
  /** Executions that have ended by the time they are stopped. */
  readonly ended: Set<string>;
  /** Called for each call, before it is answered. */
  onCall: (call: string) => void;
}

/** The server; it ends with `await using`. */
export interface AwsServer extends AsyncDisposable {
  readonly url: string;
  readonly account: Account;
  /** Calls that change something, and `destroy`, in order. */
  readonly changes: string[];
  /** Every call. */
  readonly calls: string[];
  /** Access keys of the callers. */
  readonly accessKeys: Set<string>;
}

const resources = [
  ['AWS::S3::Bucket', 'Bucket', 'bucket-1'],
  ['AWS::S3::BucketPolicy', 'BucketPolicy', 'bucket-1-policy'],
  ['AWS::Events::Rule', 'Uploads', 'uploads-rule'],
  ['AWS::Events::Rule', 'OnBus', 'my-bus|bus-rule'],
  ['AWS::Events::Rule', 'FailedScans', 'failed-scans'],
  ['AWS::StepFunctions::StateMachine', 'ScanUpload', SCANS],
  ['AWS::StepFunctions::StateMachine', 'FileReputation', LOOKUPS],
] as const;

const template = {
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'RetainExceptOnCreate' },
    BucketPolicy: { Type: 'AWS::S3::BucketPolicy', DeletionPolicy: 'Retain' },
    Uploads: { Type: 'AWS::Events::Rule', DeletionPolicy: 'Delete' },
  },
};

function newAccount(): Account {
  return {
    running: new Map([
      [SCANS, []],
      [LOOKUPS, []],
    ]),
    status: 'CREATE_COMPLETE',
    isProtected: false,
    rules: new Map([
      ['uploads-rule', { state: 'ENABLED', pattern: { source: ['aws.s3'] }, targets: [SCANS] }],
      ['bus-rule', { state: 'ENABLED', pattern: { source: ['mine'] }, targets: ['x', SCANS] }],
      [
        'failed-scans',
        { state: 'ENABLED', pattern: { source: ['aws.states'] }, targets: ['arn:aws:lambda:f'] },
      ],
    ]),
    failures: [],
    ended: new Set(),
    onCall: () => {},
  };
}

/** An answer: JSON, or XML for CloudFormation. */
type Answer = { readonly status?: number; readonly json: object } | { readonly xml: string };
type Input = Readonly<Record<string, string>>;

/** Starts a server. */
export async function startAwsServer(): Promise<AwsServer> {
  const account = newAccount();
  const changes: string[] = [];
  const calls: string[] = [];
  const accessKeys = new Set<string>();
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const body = await text(request);
    accessKeys.add(/Credential=(\w+)/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    if (request.url?.startsWith('/destroy')) {
      account.onCall('destroy');
      changes.push(`destroy ${body}`);
      return { json: {} };
    }
    const target = request.headers['x-amz-target'];
    const isJson = typeof target === 'string';
    const input: Input = isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
    const call = (isJson ? target.split('.')[1] : input.Action) ?? '';
    calls.push(call);
    account.onCall(call);
    const failure = account.failures.find((each) => each.call === call);
    if (failure) return { status: 400, json: { __type: failure.error, message: 'refused' } };
    return handle(account, call, input, changes);
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (result) => {
        if ('xml' in result) response.setHeader('content-type', 'text/xml').end(result.xml);
        else response.writeHead(result.status ?? 200).end(JSON.stringify(result.json));
      },
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const url = `http://127.0.0.1:${address.port}`;
  return { url, account, changes, calls, accessKeys, [Symbol.asyncDispose]: close };
}

function handle(account: Account, call: string, input: Input, changes: string[]): Answer {
  const { Name: name = '', Rule: ofRule = '', executionArn: execution = '' } = input;
  switch (call) {
    case 'DescribeStacks':
    case 'ListStackResources':
    case 'GetTemplate':
      return { xml: cloudFormation(account, call, input) };
    case 'DescribeRule': {
      const { state, pattern } = ruleOf(account, name);
      return { json: { Name: name, State: state, EventPattern: JSON.stringify(pattern) } };
    }
    case 'ListTargetsByRule': {
      // One target on each page.
      const { targets } = ruleOf(account, ofRule);
      const at = Number(input.NextToken ?? 0);
      const next = at + 1 < targets.length ? { NextToken: String(at + 1) } : {};
      return { json: { Targets: [{ Id: `T${at}`, Arn: targets[at] }], ...next } };
    }
    case 'DisableRule':
      ruleOf(account, name).state = 'DISABLED';
      changes.push(`disable ${input.EventBusName ?? 'default'} ${name}`);
      return { json: {} };
    case 'ListExecutions':
      return listExecutions(account, input);
    case 'StopExecution':
      return stop(account, execution, changes);
    default:
      throw new Error(`not served: ${call}`);
  }
}

function ruleOf({ rules }: Account, name: string) {
  const rule = rules.get(name);
  if (!rule) throw new Error(`no rule ${name}`);
  return rule;
}

/** Two executions on each page. */
function listExecutions({ running }: Account, input: Input): Answer {
  const arns = running.get(input.stateMachineArn ?? '') ?? [];
  const at = Number(input.nextToken ?? 0);
  const executions = arns.slice(at, at + 2).map((executionArn) => ({ executionArn }));
  return {
    json: { executions, ...(at + 2 < arns.length ? { nextToken: String(at + 2) } : {}) },
  };
}

function stop({ running, ended }: Account, execution: string, changes: string[]): Answer {
  for (const [machine, arns] of running) {
    running.set(
      machine,
      arns.filter((arn) => arn !== execution),
    );
  }
  if (ended.has(execution)) {
    return { status: 400, json: { __type: 'ExecutionDoesNotExist', message: execution } };
  }
  changes.push(`stop ${execution}`);
  return { json: { stopDate: 1_700_000_000 } };
}

function cloudFormation(account: Account, call: string, input: Input): string {
  return `<${call}Response><${call}Result>${resultOf(account, call, input)}</${call}Result></${call}Response>`;
}

function resultOf({ status, isProtected }: Account, call: string, { NextToken }: Input): string {
  if (call === 'GetTemplate') {
    return `<TemplateBody>${JSON.stringify(template)}</TemplateBody>`;
  }
  if (call === 'DescribeStacks') {
    return `<Stacks><member><StackId>${STACK_ID}</StackId><StackName>VirusTotalConnector</StackName><StackStatus>${status}</StackStatus><EnableTerminationProtection>${isProtected}</EnableTerminationProtection></member></Stacks>`;
  }
  // Two pages.
  const page = NextToken ? resources.slice(3) : resources.slice(0, 3);
  const members = page.map(
    ([type, id, physical]) =>
      `<member><ResourceType>${type}</ResourceType><LogicalResourceId>${id}</LogicalResourceId><PhysicalResourceId>${physical}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`,
  );
  return `<StackResourceSummaries>${members.join('')}</StackResourceSummaries>${NextToken ? '' : '<NextToken>2</NextToken>'}`;
}
