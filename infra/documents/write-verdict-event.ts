/** Writes docs/verdict-event.schema.json; a test fails when it is stale. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verdictEventSchema } from './verdict-event-schema.ts';

const path = join(import.meta.dirname, '../../docs/verdict-event.schema.json');
await writeFile(path, verdictEventSchema());
