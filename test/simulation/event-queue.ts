/** A simulated clock: events happen in the order of their times, and cost no real time. */

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** The clock and what is to happen. */
export class EventQueue {
  readonly #heap: Scheduled[] = [];
  #order = 0;
  /** Epoch milliseconds. */
  now: number;

  constructor(start: number) {
    this.now = start;
  }

  /** Runs a function at a time; at once if that is past. */
  at(ms: number, run: () => void): void {
    this.#push({ at: Math.max(ms, this.now), order: this.#order++, run });
  }

  /** Runs a function after some milliseconds. */
  after(ms: number, run: () => void): void {
    this.at(this.now + ms, run);
  }

  /** Lets everything happen that happens until then. @returns how many events happened */
  run(until: number): number {
    let count = 0;
    for (let next = this.#pop(); next && next.at <= until; next = this.#pop()) {
      this.now = next.at;
      next.run();
      count += 1;
    }
    return count;
  }

  #push(event: Scheduled): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, event)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): Scheduled | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (!a) break;
      const [child, at] = b && isBefore(b, a) ? [b, left + 1] : [a, left];
      if (isBefore(last, child)) break;
      heap[index] = child;
      index = at;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
