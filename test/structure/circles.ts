/** Circles of a graph. */

/** A graph: what each node points to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Returns the groups of nodes that lead to each other, sorted.
 *
 * @param graph - targets that are no nodes are passed over
 */
export function circlesOf(graph: Graph): string[][] {
  const reached = new Map([...graph.keys()].map((node) => [node, reachedFrom(graph, node)]));
  const leads = (from: string, to: string) => reached.get(from)?.has(to) ?? false;
  const groups = [...graph.keys()]
    .filter((node) => leads(node, node))
    .map((node) => [...graph.keys()].filter((other) => leads(node, other) && leads(other, node)));
  return [...new Map(groups.map((group) => [group.toSorted().join(), group.toSorted()])).values()];
}

/** Every node that a path leads to; the start itself only when it is on a circle. */
function reachedFrom(graph: Graph, start: string): Set<string> {
  const reached = new Set<string>();
  const next = [start];
  for (let node = next.pop(); node !== undefined; node = next.pop()) {
    for (const target of graph.get(node) ?? []) {
      if (reached.has(target)) continue;
      reached.add(target);
      next.push(target);
    }
  }
  return reached;
}
