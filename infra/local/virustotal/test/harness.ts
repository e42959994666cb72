/** Starts simulators and calls them over HTTP. */
import { onTestFinished } from 'vitest';
import {
  PUBLIC_KEY,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../src/simulator.ts';

/** Where clocks start: 2026-11-24T12:00:00Z, epoch milliseconds. */
export const NOON: number = Date.UTC(2026, 10, 24, 12);

/** A clock that the test sets. */
export interface Clock {
  /** Epoch milliseconds. */
  ms: number;
}

/** A simulator with a clock that the test sets. */
export interface Running extends Simulator {
  readonly clock: Clock;
}

/** Starts a simulator, which closes at the end of the test. */
export async function start(options: SimulatorOptions = {}): Promise<Running> {
  const clock = { ms: NOON };
  const simulator = await startSimulator({ now: () => clock.ms, ...options });
  onTestFinished(() => simulator.close());
  return { ...simulator, clock };
}

/** A complete answer. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

/** Sends a request. `path` is a path below `/api/v3`, or a URL. */
export async function ask(
  { url }: Simulator,
  path: string,
  init: RequestInit = {},
  key: string | null = PUBLIC_KEY,
): Promise<Got> {
  const headers = new Headers(init.headers);
  if (key !== null) headers.set('x-apikey', key);
  const target = path.startsWith('http') ? path : `${url}/api/v3${path}`;
  const response = await fetch(target, { redirect: 'manual', ...init, headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    json: isJson ? JSON.parse(text) : text,
  };
}

/** Posts a file. */
export function post(simulator: Simulator, content: Uint8Array | string, target = '/files') {
  const form = new FormData();
  const part = typeof content === 'string' ? content : new Uint8Array(content);
  form.set('file', new Blob([part]), 'sample');
  return ask(simulator, target, { method: 'POST', body: form });
}

/** Posts a URL. */
export function postUrl(simulator: Simulator, url: string) {
  return ask(simulator, '/urls', { method: 'POST', body: new URLSearchParams({ url }) });
}

/** Returns a value in JSON, by its path. */
export function at(json: unknown, ...steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined,
    json,
  );
}

/** Returns the names of an object's fields. */
export function fieldsOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** Returns an error in VirusTotal's envelope. */
export function error(code: string, message: string) {
  return { error: { code, message } };
}

/** Categories of the results in a report. */
export function categories(json: unknown): readonly unknown[] {
  const results = at(json, 'data', 'attributes', 'last_analysis_results');
  return Object.values(Object(results)).map((result) => at(result, 'category'));
}

/** How many results in a report have a category. */
export function count(json: unknown, category: string): number {
  return categories(json).filter((found) => found === category).length;
}
