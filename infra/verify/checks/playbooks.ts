/** The playbooks, each with an input for which nothing is sent to VirusTotal. */
import type { Check } from '../check.ts';
import type { CheckContext, FinishedExecution } from '../context.ts';
import { endOfExecution, startPlaybook } from '../executions.ts';
import { CheckFailure, expectEqual, shown } from '../outcomes.ts';
import { outputOf } from '../stack-of-account.ts';
import { fieldOf } from './deployment.ts';

/** An input, and the expected name of the error or `response_code`. */
interface Trial {
  readonly input: (context: CheckContext) => object;
  readonly error?: string;
}

const url = 'http://10.0.0.1/';
const trials: Readonly<Record<string, Trial>> = {
  SubmitFile: {
    input: ({ runId }) => ({ key: `verify/${runId}/none` }),
    error: 'ObjectNotFoundError',
  },
  SubmitUrl: { input: () => ({ url }) },
  FileReputation: { input: () => ({ hash: 'not-a-hash' }), error: 'InvalidInputError' },
  IpReputation: { input: () => ({ ip: '10.0.0.1' }) },
  DomainReputation: { input: () => ({ domain: 'server.internal' }) },
  UrlReputation: { input: () => ({ url }) },
  ScanUrl: { input: () => ({ url }) },
  EnrichIndicators: { input: () => ({ indicators: ['10.0.0.1'] }) },
};

/** All playbooks except `ScanUpload` run. */
export const playbooks: Check = {
  id: 'playbooks',
  proves:
    'Each playbook runs to its end and invokes its functions, with an input for which nothing is sent to VirusTotal.',
  class: 'object',
  requests: 0,
  async run(context) {
    const bucket = outputOf(context.target, 'ReportBucketName');
    // The report of EnrichIndicators.
    await context.objects.expect({ bucket, prefix: `enrichments/${executionName(context)}/` });
    const ended = await Promise.all(
      Object.entries(trials).map(async ([playbook, { input }]) => {
        const arn = await startPlaybook(context, playbook, input(context), executionName(context));
        return [playbook, await endOfExecution(context, arn)] as const;
      }),
    );
    for (const [playbook, execution] of ended) expectTrial(playbook, execution);
    return `${ended.length} executions`;
  },
};

const executionName = ({ runId }: CheckContext) => `verify-${runId}`;

function expectTrial(playbook: string, { status, output, error, cause }: FinishedExecution): void {
  const expected = trials[playbook]?.error;
  // With failOnError, an execution whose outcome is an error has failed with it.
  const named = fieldOf(fieldOf(output, 'error'), 'name') ?? error;
  if (expected !== undefined) {
    expectEqual(`${playbook}, error`, named, expected);
    return;
  }
  const ended = `${status} ${error ?? ''} ${cause ?? ''}`.trim();
  if (status !== 'SUCCEEDED')
    throw new CheckFailure(`${playbook}: got ${ended}; expected SUCCEEDED`);
  if (named !== undefined) throw new CheckFailure(`${playbook}: got the output ${shown(output)}`);
  if (playbook === 'EnrichIndicators') expectEnriched(output);
  else expectEqual(`${playbook}, response_code`, fieldOf(reportIn(output), 'response_code'), 0);
}

/** ScanUrl nests the report. */
function reportIn(output: unknown): unknown {
  return fieldOf(output, 'response_code') === undefined ? fieldOf(output, 'report') : output;
}

function expectEnriched(output: unknown): void {
  const results = fieldOf(output, 'results');
  const [first] = Array.isArray(results) ? results : [];
  expectEqual(
    'EnrichIndicators, response_code',
    fieldOf(fieldOf(first, 'result'), 'response_code'),
    0,
  );
}
