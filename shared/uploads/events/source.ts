/** What an event says of where it comes from, before any schema is asked. */

/**
 * The `eventSource` of each of an event's records, for example `aws:s3`: undefined for a record that names
 * none.
 *
 * @returns null when the event is none of records
 */
export function recordSources(event: unknown): readonly unknown[] | null {
  const records = property(event, 'Records');
  if (!Array.isArray(records)) return null;
  return records.map((record: unknown) => property(record, 'eventSource'));
}

/** A property of anything; undefined when it has none of that name. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
