/** Starts a playbook, for work that takes longer than a call. */
import { randomUUID } from 'node:crypto';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type Limits, signalFor } from '../../limits.ts';
import { createSubmissionId } from '../../operations/submission-status/submission-id.ts';
import { awsFailure } from '../aws-errors.ts';
import { awsClientDefaults } from '../client-defaults.ts';
import { translateExecutionError } from './execution-errors.ts';

/** Starts executions of one playbook. */
export interface PlaybookStarter {
  /**
   * Starts an execution. If one with this name has been started before, it counts as this one: Step Functions
   * keeps names for 90 days after an execution has ended.
   *
   * @param name - the same for the same work. @default a new id of a submission
   * @returns the execution's name
   * @throws UpstreamError, UpstreamUnavailableError, UpstreamTimeoutError if it was not started, or may not
   * have been
   */
  start(input: object, limits: Limits, name?: string): Promise<string>;
}

/**
 * Creates a starter; the first start creates the client.
 *
 * @param stateMachineArn - the playbook's state machine
 */
export function createPlaybookStarter(stateMachineArn: string): PlaybookStarter {
  let opened: SFNClient | undefined;
  return {
    // Even without a name of the caller's, a retry by the SDK finds the execution that the first attempt started.
    async start(input, limits, name = createSubmissionId(Date.now(), randomUUID())) {
      opened ??= new SFNClient(awsClientDefaults('SFN', process.env));
      const abortSignal = signalFor(limits);
      const command = new StartExecutionCommand({
        stateMachineArn,
        name,
        input: JSON.stringify(input),
      });
      await opened.send(command, { abortSignal }).catch((error: unknown) => {
        // An attempt whose answer was lost has started it. If its input is the same, it has ended.
        if (awsFailure(error).code === 'ExecutionAlreadyExists') return;
        throw translateExecutionError(error, 'start the playbook', abortSignal);
      });
      return name;
    },
  };
}
