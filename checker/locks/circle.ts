/**
 * A shortest circle of those who wait for each other, each for the next; somebody who waits for themselves is one. Empty
 * when there is none. By breadth-first search from each for one that is shorter.
 */
export function circleIn(names: readonly string[], nextOf: (name: string) => readonly string[]): readonly string[] {
  const next = new Map(names.map((name) => [name, new Set(nextOf(name))]));
  let shortest: readonly string[] = [];
  for (const start of names) {
    const found = circleFrom(start, next, shortest.length === 0 ? Infinity : shortest.length - 1);
    if (found !== undefined) shortest = found;
    if (shortest.length === 1) break;
  }
  return shortest;
}

/** A shortest circle through somebody, if it has so many members at most. */
function circleFrom(
  start: string,
  next: ReadonlyMap<string, ReadonlySet<string>>,
  longest: number,
): readonly string[] | undefined {
  const reached = new Map([[start, { from: start, length: 1 }]]);
  for (const [who, { length }] of reached) {
    if (longest < length) return undefined;
    const others = next.get(who);
    if (others?.has(start) === true) {
      const path = [who];
      for (let at = who; at !== start; path.unshift(at)) at = reached.get(at)!.from;
      return path;
    }
    for (const other of others ?? []) {
      if (!reached.has(other)) reached.set(other, { from: who, length: length + 1 });
    }
  }
  return undefined;
}
