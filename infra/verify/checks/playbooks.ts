/** The playbooks, each with an input for which nothing is sent to VirusTotal. */
import type { Check } from '../check.ts';
import type { CheckContext, FinishedExecution } from '../context.ts';
import { endOfExecution, startPlaybook } from '../executions.ts';
import { fieldOf } from '../field-of.ts';
import { CheckFailure, expectEqual, shown } from '../outcomes.ts';
import { outputOf } from '../stack-of-account.ts';

/** An input, and what is expected. */
interface Trial {
  readonly input: (context: CheckContext) => object;
  /** Name of the error with which it ends. */
  readonly error?: string;
  /** Expects something of the output. @default that the report in it has the `response_code` 0 */
  readonly expect?: (output: unknown) => void;
}

const url = 'http://10.0.0.1/';

/** The trials by playbook; `ScanUpload` has checks of its scan instead. */
export const trials: Readonly<Record<string, Trial>> = {
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
  ScanExisting: {
    input: ({ target, runId }) => ({
      bucket: outputOf(target, 'UploadBucketName'),
      prefix: `verify/${runId}/none`,
    }),
    expect: (output) => expectEqual('ScanExisting, objects', fieldOf(output, 'objects'), 0),
  },
  EnrichIndicators: { input: () => ({ indicators: ['10.0.0.1'] }), expect: expectEnriched },
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
  const trial = trials[playbook];
  // With failOnError, an execution whose outcome is an error has failed with it.
  const named = fieldOf(fieldOf(output, 'error'), 'name') ?? error;
  if (trial?.error !== undefined) {
    expectEqual(`${playbook}, error`, named, trial.error);
    return;
  }
  const ended = `${status} ${error ?? ''} ${cause ?? ''}`.trim();
  if (status !== 'SUCCEEDED')
    throw new CheckFailure(`${playbook}: got ${ended}; expected SUCCEEDED`);
  if (named !== undefined) throw new CheckFailure(`${playbook}: got the output ${shown(output)}`);
  if (trial?.expect) trial.expect(output);
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
