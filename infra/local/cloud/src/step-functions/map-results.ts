/**
 * Writes the results of a Map Run.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
import { isRecord } from '../json.ts';
import type { State } from './definition.ts';
import type { Execution } from './execution.ts';
import type { ObjectStore } from './object-store.ts';
import { StateError } from './state-error.ts';

/** A child execution that has ended, and the number of items in its input. */
export interface MapResult {
  readonly execution: Execution;
  readonly items: number;
}

/** A Map Run. */
export interface FinishedMapRun {
  readonly arn: string;
  readonly id: string;
  readonly results: readonly MapResult[];
}

/**
 * Writes the results, if the state has a writer.
 *
 * @returns the output of the state
 */
export async function writeResults(
  { ResultWriter: writer }: State,
  run: FinishedMapRun,
  objects: ObjectStore,
): Promise<unknown> {
  const executions = run.results.map(({ execution }) => execution);
  if (!isRecord(writer) || !isRecord(writer.Parameters)) {
    return executions.map(({ output }) => JSON.parse(output ?? 'null'));
  }
  const { Bucket, Prefix } = writer.Parameters;
  const bucket = String(Bucket);
  const folder = [...(Prefix === undefined ? [] : [String(Prefix)]), run.id].join('/');
  const key = `${folder}/manifest.json`;
  try {
    const files = await writeFiles(executions, (name, text) =>
      objects.put(bucket, `${folder}/${name}`, text),
    );
    const ResultFiles = Object.fromEntries(
      Object.entries(files).map(([status, Size]) => [
        status,
        Size === null ? [] : [{ Key: `${folder}/${status}_0.json`, Size }],
      ]),
    );
    const manifest = { DestinationBucket: bucket, MapRunArn: run.arn, ResultFiles };
    await objects.put(bucket, key, JSON.stringify(manifest));
  } catch (error) {
    throw new StateError('States.ResultWriterFailed', String(error));
  }
  return { MapRunArn: run.arn, ResultWriterDetails: { Bucket: bucket, Key: key } };
}

/** Writes one file for each status that occurs. @returns their sizes, null for none */
async function writeFiles(
  executions: readonly Execution[],
  put: (name: string, text: string) => Promise<void>,
): Promise<Readonly<Record<'FAILED' | 'PENDING' | 'SUCCEEDED', number | null>>> {
  const write = async (status: string, of: readonly Execution[]) => {
    if (of.length === 0) return null;
    const text = JSON.stringify(of.map(resultOf));
    await put(`${status}_0.json`, text);
    return Buffer.byteLength(text);
  };
  const isSucceeded = ({ status }: Execution) => status === 'SUCCEEDED';
  return {
    FAILED: await write(
      'FAILED',
      executions.filter((one) => !isSucceeded(one)),
    ),
    PENDING: null,
    SUCCEEDED: await write('SUCCEEDED', executions.filter(isSucceeded)),
  };
}

function resultOf(execution: Execution) {
  const { executionArn, stateMachineArn, name, input, output, status, error, cause } = execution;
  return {
    ExecutionArn: executionArn,
    Input: input,
    InputDetails: { Included: true },
    Name: name,
    ...(output !== null && { Output: output, OutputDetails: { Included: true } }),
    ...(error !== null && { Error: error }),
    ...(cause !== null && { Cause: cause }),
    RedriveCount: 0,
    RedriveStatus: 'NOT_REDRIVABLE',
    StartDate: new Date(execution.startDate).toISOString(),
    StateMachineArn: stateMachineArn,
    Status: status,
    StopDate: new Date(execution.stopDate ?? 0).toISOString(),
  };
}
