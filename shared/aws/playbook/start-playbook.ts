/** Starts a playbook, for work that is not done within a call. */
import { randomUUID } from 'node:crypto';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type Limits, signalFor } from '../../limits.ts';
import { awsClientDefaults } from '../client-defaults.ts';
import { translateExecutionError } from './execution-errors.ts';

/** A playbook that can be started. */
export interface PlaybookStarter {
  /**
   * Starts it.
   *
   * @param input - what it takes
   * @returns the execution's name, a UUID
   * @throws UpstreamError, UpstreamUnavailableError, UpstreamTimeoutError when it was not started, or
   * nobody knows whether it was
   */
  start(input: object, limits: Limits): Promise<string>;
}

/**
 * Makes the access to a playbook; the client is made when it is started for the first time.
 *
 * @param stateMachineArn - of its state machine
 */
export function createPlaybookStarter(stateMachineArn: string): PlaybookStarter {
  let opened: SFNClient | undefined;
  return {
    async start(input, limits) {
      opened ??= new SFNClient(awsClientDefaults('SFN', process.env));
      const abortSignal = signalFor(limits);
      // With a name, a repetition by the SDK finds the execution that the first attempt started.
      const name = randomUUID();
      const command = new StartExecutionCommand({
        stateMachineArn,
        name,
        input: JSON.stringify(input),
      });
      await opened.send(command, { abortSignal }).catch((error: unknown) => {
        // Ours, begun by an attempt whose answer was lost, and ended already: the name is of now.
        if (error instanceof ExecutionAlreadyExists) return;
        throw translateExecutionError(error, 'start the playbook', abortSignal);
      });
      return name;
    },
  };
}
