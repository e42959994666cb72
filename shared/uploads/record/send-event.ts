/** Sends the event `VirusTotal Verdict`. */
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { UpstreamTimeoutError, UpstreamUnavailableError } from '../../errors.ts';
import { type Limits, signalFor } from '../../limits.ts';
import { VERDICT_EVENT_SOURCE, VERDICT_EVENT_TYPE, type VerdictEvent } from './verdict-event.ts';

/** Where the event goes. */
export interface EventTarget {
  readonly eventBridge: EventBridgeClient;
  /** Name of the bus. */
  readonly eventBus: string;
}

/**
 * Sends an event.
 *
 * @throws UpstreamUnavailableError when the bus did not take it, UpstreamTimeoutError
 */
export async function sendEvent(
  { eventBridge, eventBus }: EventTarget,
  detail: VerdictEvent,
  limits: Limits,
): Promise<void> {
  const abortSignal = signalFor(limits);
  const entry = {
    Source: VERDICT_EVENT_SOURCE,
    DetailType: VERDICT_EVENT_TYPE,
    EventBusName: eventBus,
    Detail: JSON.stringify(detail),
  };
  const { Entries = [] } = await eventBridge
    .send(new PutEventsCommand({ Entries: [entry] }), { abortSignal })
    .catch((cause: unknown) => {
      if (abortSignal.aborted) {
        throw new UpstreamTimeoutError('EventBridge did not answer within the time that is left');
      }
      const name = cause instanceof Error ? cause.name : 'Error';
      throw new UpstreamUnavailableError(`EventBridge could not be reached (${name})`, { cause });
    });
  // A refused entry is no failure of the request.
  const code = Entries.find(({ ErrorCode }) => ErrorCode)?.ErrorCode;
  if (code) throw new UpstreamUnavailableError(`the event bus did not take the event (${code})`);
}
