/** The API of Step Functions. */
import * as z from 'zod/mini';
import { answerJson, readBody } from '../aws/http/json.ts';
import { AwsRefusal } from '../aws/http/refusal.ts';
import type { AwsExchange, AwsService } from '../aws/http/service.ts';
import { described, listed } from './description.ts';
import type { StepFunctionsEngine } from './engine.ts';
import { historyOf, withoutData } from './history.ts';
import { pageOf } from './page.ts';
import { StepFunctionsRefusal } from './start.ts';

/** Creates the API of an engine. */
export function createStepFunctionsApi(engine: StepFunctionsEngine): AwsService {
  return {
    names: ['states'],
    handle: (exchange) => serve(engine, exchange),
    close: () => engine.close(),
  };
}

const arn = z.string();
const status = z.optional(z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']));
const text = z.optional(z.string());
const truth = z.optional(z.boolean());
/** Of a list. */
const paging = {
  maxResults: z.optional(z.int().check(z.minimum(0), z.maximum(1000))),
  nextToken: text,
};

/** One action: its input, the ARN that it needs permission for, and its answer. */
interface Action<T extends z.ZodMiniType = z.ZodMiniType> {
  readonly input: T;
  resource(input: z.infer<T>): string;
  answer(engine: StepFunctionsEngine, input: z.infer<T>): unknown;
}

function action<T extends z.ZodMiniType>({ input: schema, resource, answer }: Action<T>): Action {
  return {
    input: schema,
    resource: (input) => resource(schema.parse(input)),
    answer: (engine, input) => answer(engine, schema.parse(input)),
  };
}

const executionInput = z.object({ executionArn: arn });
const machineInput = z.object({ stateMachineArn: arn });

const actions: Readonly<Record<string, Action>> = {
  StartExecution: action({
    input: z.object({ stateMachineArn: arn, name: text, input: text }),
    resource: ({ stateMachineArn }) => stateMachineArn,
    answer: (engine, request) => {
      const { executionArn, startDate } = engine.startExecution(request);
      return { executionArn, startDate: startDate / 1000 };
    },
  }),
  DescribeExecution: action({
    input: executionInput,
    resource: ({ executionArn }) => executionArn,
    answer: (engine, { executionArn }) => described(engine.shownExecution(executionArn)),
  }),
  ListExecutions: action({
    input: z.object({ stateMachineArn: arn, statusFilter: status, ...paging }),
    resource: ({ stateMachineArn }) => stateMachineArn,
    answer: (engine, { stateMachineArn, statusFilter, ...request }) => {
      const all = engine.listExecutions(stateMachineArn, statusFilter);
      const { page, nextToken } = pageOf(all, request, ({ executionArn }) => executionArn);
      return { executions: page.map(listed), nextToken };
    },
  }),
  StopExecution: action({
    input: z.object({ executionArn: arn, error: text, cause: text }),
    resource: ({ executionArn }) => executionArn,
    answer: async (engine, { executionArn, error, cause }) => {
      const { stopDate } = await engine.stopExecution(executionArn, error, cause);
      return { stopDate: (stopDate ?? 0) / 1000 };
    },
  }),
  RedriveExecution: action({
    input: executionInput,
    resource: ({ executionArn }) => executionArn,
    answer: (engine, { executionArn }) => {
      const { redriveDate } = engine.redriveExecution(executionArn);
      return { redriveDate: (redriveDate ?? 0) / 1000 };
    },
  }),
  GetExecutionHistory: action({
    input: z.object({
      executionArn: arn,
      reverseOrder: truth,
      includeExecutionData: truth,
      ...paging,
    }),
    resource: ({ executionArn }) => executionArn,
    answer: (engine, { executionArn, reverseOrder, includeExecutionData = true, ...request }) => {
      const oldestFirst = historyOf(
        engine.describeExecution(executionArn),
        engine.transitionsOf(executionArn),
        engine.earlierAttemptsOf(executionArn),
      );
      const all = reverseOrder ? oldestFirst.toReversed() : oldestFirst;
      const { page, nextToken } = pageOf(all, request, ({ id }) => String(id));
      const events = includeExecutionData ? page : page.map(withoutData);
      return {
        events: events.map((event) => ({ ...event, timestamp: event.timestamp / 1000 })),
        nextToken,
      };
    },
  }),
  ListStateMachines: action({
    input: z.object({}),
    resource: () => '*',
    answer: (engine) => ({
      stateMachines: engine.stateMachines.map(({ arn: stateMachineArn, name }) => ({
        stateMachineArn,
        name,
        type: 'STANDARD',
        creationDate: 0,
      })),
    }),
  }),
  DescribeStateMachine: action({
    input: machineInput,
    resource: ({ stateMachineArn }) => stateMachineArn,
    answer: ({ stateMachines }, { stateMachineArn }) => {
      const machine = stateMachines.find((each) => each.arn === stateMachineArn);
      if (!machine) {
        throw new StepFunctionsRefusal('StateMachineDoesNotExist', `'${stateMachineArn}'`);
      }
      const { name, definition } = machine;
      return {
        stateMachineArn,
        name,
        definition: JSON.stringify(definition),
        type: 'STANDARD',
        status: 'ACTIVE',
        roleArn: '',
        creationDate: 0,
      };
    },
  }),
};

async function serve(
  engine: StepFunctionsEngine,
  { request, response, note }: AwsExchange,
): Promise<void> {
  const name = String(request.headers['x-amz-target']).replace(/^AWSStepFunctions\./, '');
  const body = await readBody(request);
  const found = Object.entries(actions).find(([key]) => key === name)?.[1];
  if (!found) throw new AwsRefusal('UnknownOperationException', `${name} is not served locally.`);
  const parsed = found.input.safeParse(JSON.parse(body.toString() || '{}'));
  if (!parsed.success) throw new AwsRefusal('ValidationException', parsed.error.message);
  note(`states:${name}`, [found.resource(parsed.data)]);
  try {
    const answer = await found.answer(engine, parsed.data);
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    answerJson(response, 200, answer);
  } catch (error) {
    if (!(error instanceof StepFunctionsRefusal)) throw error;
    throw new AwsRefusal(error.code, error.message);
  }
}
