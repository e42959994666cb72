/** Sends the event `VirusTotal Verdict`. */
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { translateAwsError } from '../../aws/aws-errors.ts';
import { UpstreamUnavailableError } from '../../errors.ts';
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
 * @throws UpstreamUnavailableError if the bus refuses it, UpstreamTimeoutError
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
    .catch((error: unknown) => {
      throw translateAwsError(error, 'send the verdict event', abortSignal);
    });
  // The request succeeds even if EventBridge refuses the entry.
  const code = Entries.find(({ ErrorCode }) => ErrorCode)?.ErrorCode;
  if (code) {
    throw new UpstreamUnavailableError(
      `the event bus refused the verdict event (${code}); try again`,
    );
  }
}
