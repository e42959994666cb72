/** Starts a playbook, for work that takes longer than a call. */
import { randomUUID } from 'node:crypto';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type Limits, signalFor } from '../../limits.ts';
import { createSubmissionId } from '../../operations/submission-status/submission-id.ts';
import { awsClientDefaults } from '../client-defaults.ts';
import { translateExecutionError } from './execution-errors.ts';

/** Starts executions of one playbook. */
export interface PlaybookStarter {
  /**
   * Starts an execution.
   *
   * @returns the execution's name, the id of a submission
   * @throws UpstreamError, UpstreamUnavailableError, UpstreamTimeoutError if it was not started, or may not
   * have been
   */
  start(input: object, limits: Limits): Promise<string>;
}

/**
 * Creates a starter; the first start creates the client.
 *
 * @param stateMachineArn - the playbook's state machine
 */
export function createPlaybookStarter(stateMachineArn: string): PlaybookStarter {
  let opened: SFNClient | undefined;
  return {
    async start(input, limits) {
      opened ??= new SFNClient(awsClientDefaults('SFN', process.env));
      const abortSignal = signalFor(limits);
      // With a name, a retry by the SDK finds the execution that the first attempt started.
      const name = createSubmissionId(Date.now(), randomUUID());
      const command = new StartExecutionCommand({
        stateMachineArn,
        name,
        input: JSON.stringify(input),
      });
      await opened.send(command, { abortSignal }).catch((error: unknown) => {
        // The name is new, so an attempt whose answer was lost has started it, and it has ended.
        if (error instanceof ExecutionAlreadyExists) return;
        throw translateExecutionError(error, 'start the playbook', abortSignal);
      });
      return name;
    },
  };
}
