/** The scan that an upload starts. Several checks look at it. */
import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod/mini';
import type { CheckContext, UploadScan } from './context.ts';
import { eicarText } from './eicar.ts';
import { endOfExecution, scanOfObject, stopExecutionOf } from './executions.ts';
import { CheckFailure, NotChecked, shown } from './outcomes.ts';
import { poll } from './polling.ts';
import type { Place } from './remove-objects.ts';
import { outputOf } from './stack-of-account.ts';
import type { PutObject } from './temporary-objects.ts';

/** How long an upload may take to start its scan, milliseconds. */
const START_PATIENCE_MS = 90_000;
const LOCAL_START_PATIENCE_MS = 6_000;

/** Output of ScanUpload: the fields that checks read. */
export const scanOutput = z.object({
  outcome: z.string(),
  verdict: z.string(),
  id: z.nullable(z.string()),
  report: z.nullable(z.object({ bucket: z.string(), key: z.string() })),
  tags: z.nullable(z.object({ status: z.string(), written: z.array(z.string()) })),
  quarantine: z.nullable(
    z.object({
      status: z.string(),
      reason: z.nullable(z.string()),
      copy: z.nullable(z.object({ bucket: z.string(), key: z.string() })),
    }),
  ),
  error: z.nullable(z.object({ name: z.string(), message: z.string() })),
});

/** Where this run puts its objects in the upload bucket. */
export function uploadPlace({ target, settings, runId }: CheckContext): Place {
  return {
    bucket: outputOf(target, 'UploadBucketName'),
    prefix: `${settings.prefix}verify/${runId}/`,
    reportBucket: outputOf(target, 'ReportBucketName'),
  };
}

/** Uploads the EICAR test file, and follows the scan that the upload starts. */
export async function scanEicar(context: CheckContext): Promise<UploadScan> {
  const { objects, settings, progress, target } = context;
  if (target.outputs.QuarantineBucketName !== undefined && !settings.mayLock) {
    throw new NotChecked(
      'the stack moves malicious uploads to a bucket that locks them for days; run it with --only quarantine',
    );
  }
  const since = Date.now() - 10_000;
  const place = uploadPlace(context);
  let arn: string | undefined;
  objects.before(async () => {
    if (!context.signal.aborted) return false;
    // A scan that goes on would write its report after the removal.
    if (arn !== undefined) await stopExecutionOf(context, arn);
    return true;
  });
  const object = await objects.put(place, `eicar${settings.suffix}`, { Body: eicarText() });
  progress(`uploaded s3://${object.bucket}/${object.key}`);
  const patience = target.local ? LOCAL_START_PATIENCE_MS : START_PATIENCE_MS;
  arn = await poll(context, patience, () => scanOfObject(context, object, since));
  if (arn === undefined) throw await whyNotStarted(context, object, patience);
  progress(`ScanUpload runs: ${arn}`);
  return { object, execution: await endOfExecution(context, arn) };
}

async function whyNotStarted(
  context: CheckContext,
  { bucket, key }: PutObject,
  patienceMs: number,
): Promise<Error> {
  const rules = await describeRules(context);
  const message = `s3://${bucket}/${key} started no execution of ScanUpload within ${patienceMs / 1000} s`;
  return new CheckFailure(
    [
      message,
      ...rules,
      'if the stack scans only some keys (scanPrefixes, scanSuffixes), give --prefix and --suffix; events of a new bucket begin after about five minutes',
    ].join('; '),
  );
}

/** Says of each upload rule of the stack what could keep it from matching. */
async function describeRules({ target }: CheckContext): Promise<string[]> {
  // The local run has no such action.
  if (target.local) return [];
  const rules = target.resources.filter(({ type }) => type === 'AWS::Events::Rule');
  const texts = rules.map(async ({ logicalId, physicalId }) => {
    const [Name = '', EventBusName] = physicalId.split('|').toReversed();
    const { State, EventPattern = '' } = await target.clients.events.send(
      new DescribeRuleCommand({ Name, EventBusName }),
    );
    if (!EventPattern.includes('aws.s3')) return [];
    return [`the rule ${logicalId} is ${State} and matches ${shown(EventPattern)}`];
  });
  return (await Promise.all(texts)).flat();
}

/** Returns the scan of this run, which several checks look at. @throws CheckFailure if it recorded nothing */
export async function sharedScan(
  context: CheckContext,
): Promise<UploadScan & { output: z.infer<typeof scanOutput> }> {
  context.shared.scan ??= scanEicar(context);
  const scan = await context.shared.scan;
  const output = scanOutput.safeParse(scan.execution.output);
  if (output.success) return { ...scan, output: output.data };
  const { status, error, cause } = scan.execution;
  throw new CheckFailure(
    `ScanUpload: got ${status} ${error ?? ''} ${cause ?? ''} ${shown(scan.execution.output)}; expected what it recorded`,
  );
}
