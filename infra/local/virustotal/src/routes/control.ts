/**
 * The simulator's own routes, which need no key:
 * `POST /_simulator/faults` (JSON, see `http/faults.ts`), `DELETE /_simulator/faults`,
 * `GET /_simulator/requests`, `GET /_simulator/samples`.
 */
import type { FastifyInstance } from 'fastify';
import { RequestBody } from '../http/body.ts';
import { faultSchema } from '../http/faults.ts';
import type { Service } from '../http/service.ts';
import { samples } from '../world/samples.ts';

/** Adds the simulator's own routes. */
export function addControlRoutes(app: FastifyInstance, service: Service): void {
  app.get('/_simulator/requests', () => service.recorder.requests);
  app.get('/_simulator/samples', () => samples);
  app.delete('/_simulator/faults', (_request, reply) => {
    service.faults.clear();
    return reply.code(204).send();
  });
  app.post('/_simulator/faults', async (request, reply) => {
    // Keeps web pages out: to send JSON to another origin, a browser needs a permission it does not get.
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      return reply.code(415).send({ error: 'expected Content-Type: application/json' });
    }
    const parsed = faultSchema.safeParse(parsedJson(await new RequestBody(request.raw).text()));
    if (!parsed.success) return reply.code(400).send({ error: parsed.error.issues });
    service.faults.add(parsed.data);
    return reply.code(201).send(parsed.data);
  });
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema rejects undefined with a message.
    return undefined;
  }
}
