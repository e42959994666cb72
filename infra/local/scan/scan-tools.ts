/** What the scan of any target works with. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { Running } from '../running.ts';
import type { ScanFinder } from './execution.ts';

/** The local run, and clients for it. */
export interface ScanTools {
  readonly running: Running;
  readonly sfn: SFNClient;
  readonly s3: S3Client;
  readonly finder: ScanFinder;
  /** Receives a line for each step. */
  readonly onProgress: (text: string) => void;
}

/**
 * Returns the ARN of a playbook.
 *
 * @throws Error when the stack has no such playbook
 */
export function playbookArn({ outputs }: Running, name: string): string {
  const arn = outputs[`${name}StateMachineArn`];
  if (arn === undefined) throw new Error(`the stack has no playbook ${name}`);
  return arn;
}
