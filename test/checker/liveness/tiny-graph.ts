import { FALSE, holdsEachBy, TRUE } from '../../../checker/engine/next-state.ts';
import type { Batch, NextState, Truth } from '../../../checker/engine/next-state.ts';

/**
 * An explicit graph as an engine: state numbers are the states, one word each.
 *
 * Written as `'0 -a> 1, 1 -b> 0'`: edges with the action that makes each. Instances are numbered by first appearance.
 * States without edges may be listed alone: `'0 -a> 1, 2'`.
 */
export interface TinyGraph {
  readonly states: number;
  readonly initial: readonly number[];
  readonly edges: readonly TinyEdge[];
  readonly actions: readonly string[];
}

export interface TinyEdge {
  readonly from: number;
  readonly instance: number;
  readonly to: number;
}

export function tiny(notation: string, initial: readonly number[] = [0]): TinyGraph {
  const actions: string[] = [];
  const edges: TinyEdge[] = [];
  let states = 0;
  for (const part of notation.split(',').map((text) => text.trim())) {
    const match = /^(\d+)(?: -(\w+)> (\d+))?$/.exec(part);
    if (match === null) throw new Error(`not an edge: ${part}`);
    const [from, to] = [Number(match[1]), Number(match[3] ?? match[1])];
    states = Math.max(states, from + 1, to + 1);
    if (match[2] === undefined) continue;
    if (!actions.includes(match[2])) actions.push(match[2]);
    edges.push({ from, instance: actions.indexOf(match[2]), to });
  }
  return { states, initial, edges, actions };
}

/** The numbers in a string such as `'0 2'`. */
export function states(notation: string): readonly number[] {
  return notation
    .split(' ')
    .filter((text) => text !== '')
    .map(Number);
}

/**
 * The graph as an engine whose predicate `i` holds exactly in the states of `predicates[i]`; as a predicate of steps it
 * holds when it holds after the step. `failing` are states from which a step of an instance fails.
 */
export function engineOf(
  graph: TinyGraph,
  predicates: readonly (readonly number[])[] = [],
  failing: readonly { readonly state: number; readonly instance: number }[] = [],
): NextState {
  const push = (out: Batch, state: number, instance: number): void => {
    const at = out.reserve();
    out.states[at] = state;
    out.instances[out.count] = instance;
    out.count += 1;
  };
  const truth = (predicate: number, state: number): Truth => (predicates[predicate]!.includes(state) ? TRUE : FALSE);
  const edges = graph.edges.toSorted((left, right) => left.instance - right.instance);
  const holds: NextState['holds'] = (predicate, source, at) => truth(predicate, source[at]!);
  return {
    engine: 'interpreted',
    words: 1,
    initial: (out) => graph.initial.forEach((state) => push(out, state, -1)),
    successors: (source, at, out) => {
      for (const { from, instance, to } of edges) if (from === source[at]) push(out, to, instance);
      for (const { state, instance } of failing) if (state === source[at]) out.failures.push(instance);
    },
    holds,
    holdsEach: holdsEachBy(holds),
    holdsOfStep: (predicate, _, __, nextSource, nextAt) => truth(predicate, nextSource[nextAt]!),
  };
}
