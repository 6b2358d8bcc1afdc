import type { Exploration } from '../../checker/search/exploration.ts';

/** All that an exploration says, as plain data that can be compared; what it costs and how it is kept is left out. */
export function contentOf(exploration: Exploration): Readonly<Record<string, unknown>> {
  const { states, graph, fired, discovered, branches, failing, leftWithin } = exploration;
  const isWhole = exploration.cut === undefined || exploration.cut.kind === 'fingerprints';
  const numbers = Array.from({ length: states.count }, (_, state) => state);
  return {
    initial: exploration.initial,
    states: numbers.map((state) => states.wordsOf(state).join(' ')),
    parents: numbers.map((state) => exploration.parentOf(state)),
    transitions: exploration.transitions,
    depth: exploration.depth,
    levels: exploration.levels,
    fired: [...fired],
    discovered: [...discovered],
    // Of a search that was cut, steps may have been seen that do not count.
    branches: isWhole ? [...branches].map((steps) => 0 < steps) : 'cut',
    failing: [...failing].sort((left, right) => left - right),
    deadlock: exploration.deadlock,
    evaluation: exploration.evaluation,
    invariants: exploration.invariants,
    steps: exploration.steps,
    sometimes: exploration.sometimes,
    cut: exploration.cut,
    leftWithin: [...leftWithin].sort((left, right) => left - right),
    graph: graph && {
      size: graph.size,
      initial: graph.initial,
      offsets: [...graph.offsets.subarray(0, graph.size + 1)],
      targets: [...graph.targets.subarray(0, graph.offsets[graph.size])],
      instances: [...graph.instances.subarray(0, graph.offsets[graph.size])],
    },
  };
}
