/**
 * A simulator of VirusTotal's API v3, for the local run and for tests. It behaves as public
 * documentation and recorded answers say, on 127.0.0.1 only; what it knows is in `world/samples.ts`,
 * how to disturb it in `http/faults.ts`.
 */
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
import { urlRoutes } from './routes/urls.ts';
import { userRoutes } from './routes/users.ts';
import { createWorld } from './world/world.ts';

export { type KeyOptions, PREMIUM_KEY, PUBLIC_KEY } from './http/accounts.ts';
export type { Fault } from './http/faults.ts';
export type { RecordedRequest } from './http/recorder.ts';
export { type Sample, samples } from './world/samples.ts';
export { eicarBytes } from './world/verdict.ts';

/** How the simulator runs. */
export interface SimulatorOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** @default a public key and a premium key, `PUBLIC_KEY` and `PREMIUM_KEY` */
  readonly keys?: readonly KeyOptions[];
  /** The clock, epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** How long an analysis is queued, milliseconds. @default 2000 */
  readonly queuedMs?: number;
  /** How long an analysis then is in progress, milliseconds. @default 3000 */
  readonly inProgressMs?: number;
  /**
   * How a file or URL looks before its first report: 404, or an object without report.
   *
   * @default 'absent'
   */
  readonly unfinished?: 'absent' | 'bare';
  /** Serves https with this key and certificate, PEM. @default plain http */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Gets a line for every request that was served, without keys. */
  readonly onRequest?: (line: string) => void;
}

/** A simulator that serves. */
export interface Simulator {
  /** Scheme, host and port. */
  readonly url: string;
  /** What it was asked, oldest first; the last 10,000. */
  readonly requests: readonly RecordedRequest[];
  /** Adds a fault for requests to come. */
  fault(fault: Fault): void;
  /** Refuses a key from now on, until `reset`. */
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
  // The router says http of a server that it did not make.
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
    // Stalled requests must not keep the server from closing.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 65_536 },
    serverFactory: (handler) => (tls ? createTlsServer(tls, handler) : createServer(handler)),
  });
  // Bodies are read by the routes, as streams.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  return app;
}

function addRoutes(app: FastifyInstance, service: Service, onRequest: (line: string) => void) {
  const routes = [...fileRoutes, ...urlRoutes, ...analysisRoutes, ...siteRoutes, ...userRoutes];
  const serve =
    (route: Route | undefined): RouteHandlerMethod =>
    async (request, reply) => {
      onRequest(lineOf(await exchange(service, route, request, reply)));
    };
  for (const route of routes) {
    app.route({ method: route.method, url: route.path, handler: serve(route) });
  }
  app.setNotFoundHandler(serve(undefined));
}
