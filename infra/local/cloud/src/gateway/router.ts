/** Finds the route of a path. */
import type { Route } from './definition.ts';

/** A route, and the values of its path parameters. */
export interface RouteMatch {
  readonly route: Route;
  /** Percent-encoded, as received. */
  readonly pathParameters: ReadonlyMap<string, string>;
}

/** Finds the route; returns undefined if none has that method and path. */
export type FindRoute = (method: string, path: string) => RouteMatch | undefined;

/**
 * Creates a router. As in API Gateway, fixed segments take precedence over parameters, and those over
 * greedy ones; a trailing slash is ignored.
 */
export function createRouter(routes: readonly Route[]): FindRoute {
  const ranked = routes
    .map((route) => ({ route, segments: segmentsOf(route.resource) }))
    .toSorted((one, other) => rankOf(one.segments).localeCompare(rankOf(other.segments)));
  return (method, path) => {
    const pathSegments = segmentsOf(path);
    // The resource is chosen first; methods of less specific resources are not considered.
    const resource = ranked.find(({ segments }) => parametersOf(segments, pathSegments))?.route
      .resource;
    const candidates = ranked.filter(({ route }) => route.resource === resource);
    const found =
      candidates.find(({ route }) => route.method === method) ??
      candidates.find(({ route }) => route.method === 'ANY');
    const pathParameters = found && parametersOf(found.segments, pathSegments);
    return found && pathParameters ? { route: found.route, pathParameters } : undefined;
  };
}

const PARAMETER = /^\{([^}+]+)(\+?)\}$/;

function segmentsOf(path: string): string[] {
  return path.replace(/\/$/, '').split('/').slice(1);
}

/** `0` for a fixed segment, `1` for a parameter, `2` for a greedy one: sorts as text. */
function rankOf(segments: readonly string[]): string {
  return segments
    .map((segment) => {
      const [, name, plus] = PARAMETER.exec(segment) ?? [];
      if (name === undefined) return '0';
      return plus === '+' ? '2' : '1';
    })
    .join('');
}

function parametersOf(
  segments: readonly string[],
  pathSegments: readonly string[],
): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const [index, segment] of segments.entries()) {
    const [, name, plus] = PARAMETER.exec(segment) ?? [];
    const here = pathSegments[index];
    if (here === undefined) return undefined;
    if (plus === '+') return parameters.set(name ?? '', pathSegments.slice(index).join('/'));
    if (name === undefined ? segment !== here : here === '') return undefined;
    if (name !== undefined) parameters.set(name, here);
  }
  return segments.length === pathSegments.length ? parameters : undefined;
}
