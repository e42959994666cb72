/** Keeps the trace headers of messages, which the engine does not. SQS gives them out as `AWSTraceHeader`. */
import { isRecord, ownField } from '../../json.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The trace headers of one run. */
export class TraceHeaders {
  /** By message id. */
  readonly #headers = new Map<string, string>();

  /**
   * Keeps the header of what was sent, and puts it into what is received.
   *
   * @param answer - JSON text of the engine
   * @param header - of the request; a message may name another one
   * @returns the answer
   */
  through(action: string, request: Fields, answer: string, header: string | undefined): string {
    const traceHeader = headerIn(request) ?? header;
    if (action === 'SendMessage' && traceHeader !== undefined) {
      this.#keep(JSON.parse(answer), traceHeader);
    }
    if (action === 'SendMessageBatch' && header !== undefined) {
      for (const sent of listIn(JSON.parse(answer), 'Successful')) this.#keep(sent, header);
    }
    return action === 'ReceiveMessage' && this.#headers.size > 0 && wantsHeader(request)
      ? this.#withHeaders(JSON.parse(answer))
      : answer;
  }

  #keep(sent: unknown, header: string): void {
    const id = ownField(sent, 'MessageId');
    if (typeof id === 'string') this.#headers.set(id, header);
  }

  #withHeaders(answer: unknown): string {
    const Messages = listIn(answer, 'Messages').map((message) => {
      const header = this.#headers.get(String(ownField(message, 'MessageId')));
      if (header === undefined || !isRecord(message)) return message;
      const attributes = ownField(message, 'Attributes');
      const others = isRecord(attributes) ? attributes : {};
      return { ...message, Attributes: { ...others, AWSTraceHeader: header } };
    });
    return JSON.stringify({ ...(isRecord(answer) ? answer : {}), Messages });
  }
}

/** The header that a message names itself, which comes before that of its request. */
function headerIn(request: Fields): string | undefined {
  const attribute = ownField(ownField(request, 'MessageSystemAttributes'), 'AWSTraceHeader');
  const value = ownField(attribute, 'StringValue');
  return typeof value === 'string' ? value : undefined;
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = ownField(value, name);
  return Array.isArray(list) ? list : [];
}

function wantsHeader(request: Fields): boolean {
  const names = [
    ...listIn(request, 'MessageSystemAttributeNames'),
    ...listIn(request, 'AttributeNames'),
  ];
  return names.includes('All') || names.includes('AWSTraceHeader');
}
