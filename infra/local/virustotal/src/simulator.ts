/** The simulator's server. `world/samples.ts` lists what it knows, `http/faults.ts` its faults. */
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type FastifyInstance, fastify, type RouteHandlerMethod } from 'fastify';
import { defaultKeys, type KeyOptions, openAccounts } from './http/accounts.ts';
import { exchange } from './http/exchange.ts';
import { type Fault, Faults } from './http/faults.ts';
import { lineOf, type RecordedRequest, Recorder } from './http/recorder.ts';
import type { Route, Service } from './http/service.ts';
import { analysisRoutes } from './routes/analyses.ts';
import { addControlRoutes } from './routes/control.ts';
import { fileRoutes } from './routes/files.ts';
import { siteRoutes } from './routes/sites.ts';
import { unsimulatedRoutes } from './routes/unsimulated.ts';
import { urlRoutes } from './routes/urls.ts';
import { userRoutes } from './routes/users.ts';
import { createWorld } from './world/world.ts';

export { type KeyOptions, PREMIUM_KEY, PUBLIC_KEY } from './http/accounts.ts';
export type { Fault } from './http/faults.ts';
export type { RecordedRequest } from './http/recorder.ts';
export { USER_ID } from './routes/users.ts';
export { type Sample, samples } from './world/samples.ts';
export { eicarBytes } from './world/verdict.ts';

/** Options of a simulator. */
export interface SimulatorOptions {
  /** @default 0: any free port */
  readonly port?: number;
  /** @default `PUBLIC_KEY` and `PREMIUM_KEY` */
  readonly keys?: readonly KeyOptions[];
  /** The clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** How long an analysis is queued, milliseconds. @default 2000 */
  readonly queuedMs?: number;
  /** How long an analysis then is in progress, milliseconds. @default 3000 */
  readonly inProgressMs?: number;
  /**
   * What a new file or URL is until its first report: 404 (`absent`), or an object without a report (`bare`).
   *
   * @default 'absent'
   */
  readonly unfinished?: 'absent' | 'bare';
  /** Key and certificate for HTTPS, PEM. @default plain HTTP */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Receives a line for each request, without keys. */
  readonly onRequest?: (line: string) => void;
}

/** A running simulator. */
export interface Simulator {
  /** Scheme, host and port. */
  readonly url: string;
  /** The last 10,000 requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Adds a fault for future requests. */
  fault(fault: Fault): void;
  /** Refuses a key until `reset`. */
  revoke(key: string): void;
  /** Forgets faults, requests, submissions, used quota and revoked keys. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts a simulator.
 *
 * @throws Error with code `EADDRINUSE` when the port is taken
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { keys = defaultKeys, now = Date.now, queuedMs = 2000, inProgressMs = 3000 } = options;
  const timing = { now, queuedMs, inProgressMs };
  const service: Service = {
    world: createWorld(timing),
    accounts: openAccounts(keys, now),
    uploadTokens: new Set(),
    faults: new Faults(),
    recorder: new Recorder(),
    unfinished: options.unfinished ?? 'absent',
    origin: '',
  };
  const app = createApp(options);
  addControlRoutes(app, service);
  addRoutes(app, service, options.onRequest ?? (() => undefined));
  const address = new URL(await app.listen({ host: '127.0.0.1', port: options.port ?? 0 }));
  // Fastify reports http for any server that it did not create.
  service.origin = `${options.tls ? 'https' : 'http'}://${address.host}`;
  return {
    url: service.origin,
    requests: service.recorder.requests,
    fault: (fault) => service.faults.add(fault),
    revoke(key) {
      service.accounts = new Map([...service.accounts].filter(([known]) => known !== key));
    },
    reset() {
      service.world = createWorld(timing);
      service.accounts = openAccounts(keys, now);
      service.uploadTokens.clear();
      service.faults.clear();
      service.recorder.clear();
    },
    close: () => app.close(),
  };
}

function createApp({ tls }: SimulatorOptions): FastifyInstance {
  const app = fastify({
    // Lets the server close while requests are stalled.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 65_536 },
    serverFactory: (handler) => (tls ? createTlsServer(tls, handler) : createServer(handler)),
  });
  // The routes read bodies as streams.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  return app;
}

function addRoutes(app: FastifyInstance, service: Service, onRequest: (line: string) => void) {
  const routes = [
    ...fileRoutes,
    ...urlRoutes,
    ...analysisRoutes,
    ...siteRoutes,
    ...userRoutes,
    ...unsimulatedRoutes,
  ];
  const serve =
    (route: Route | undefined): RouteHandlerMethod =>
    async (request, reply) => {
      onRequest(lineOf(await exchange(service, route, request, reply)));
    };
  for (const route of routes) {
    app.route({ method: [route.method].flat(), url: route.path, handler: serve(route) });
  }
  app.setNotFoundHandler(serve(undefined));
}
