/** What an event says of where it comes from, before any schema is asked. */

/** The `eventSource` of an event's first record, for example `aws:s3`; undefined when there is none. */
export function recordSource(event: unknown): unknown {
  const records = property(event, 'Records');
  return Array.isArray(records) ? property(records[0], 'eventSource') : undefined;
}

/** A property of anything; undefined when it has none of that name. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
