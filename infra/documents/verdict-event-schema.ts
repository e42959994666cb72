/** The JSON Schema of the event `VirusTotal Verdict`, from the schema that the function writes by. */
import * as z from 'zod/mini';
import { VERDICT_EVENT_TYPE, verdictEvent } from '../../shared/uploads/record/verdict-event.ts';

/** Text of docs/verdict-event.schema.json: JSON Schema, draft 7, of the event's detail. */
export function verdictEventSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(verdictEvent, { target: 'draft-7', io: 'input' });
  const title = `Detail of the event ${VERDICT_EVENT_TYPE}, schema_version 1`;
  return `${JSON.stringify({ $schema, title, ...schema }, null, 2)}\n`;
}
