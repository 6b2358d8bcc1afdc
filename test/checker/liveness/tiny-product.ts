import type { Automaton } from '../../../checker/liveness/buchi.ts';
import type { Edge } from '../../../checker/liveness/edge.ts';
import { fairnessTable, NO_GUARD } from '../../../checker/liveness/fairness.ts';
import { lettersOf } from '../../../checker/liveness/letters.ts';
import type { Ltl } from '../../../checker/liveness/ltl.ts';
import { joinSteps } from '../../../checker/liveness/makers.ts';
import { Obligations } from '../../../checker/liveness/obligations.ts';
import { Product } from '../../../checker/liveness/product.ts';
import { STUTTER } from '../../../checker/search/path.ts';
import { StateGraphBuilder } from '../../../checker/search/state-graph.ts';
import { states, tiny } from './tiny-graph.ts';

/** What runs beside a graph. */
export interface TinyParts {
  /** Its atoms: first `predicates`, then `taken`. */
  readonly automaton: Automaton;
  /** The states in which each holds: `'0 2'`; `!` behind a state: it cannot be evaluated there. */
  readonly predicates?: readonly string[];
  /** The actions that each is about: `'a b'`. */
  readonly taken?: readonly string[];
  /** Such as `weak a b`; with a guard, the states in which its steps count: `strong a when 0 2`. */
  readonly fairness?: readonly string[];
  readonly recurring?: readonly Ltl[];
}

/** An automaton without a condition that accepts everything. */
export const ANYTHING: Automaton = automaton(['0 > 0']);

/**
 * An automaton whose states are numbered as its components are. Written as `'0 p0 !p1> 1 *'`: what has to be true (`!`:
 * false) of which atoms by their numbers, and a mark (`**`: the second one, `***`: both).
 */
export function automaton(notation: readonly string[], accepting: readonly number[] = [0]): Automaton {
  const transitions = notation.map((text) => {
    const [, from, label, to, marks] = /^(\d+)((?: !?p\d+)*) ?> (\d+) ?(\**)$/.exec(text)!;
    const literals = [...label!.matchAll(/(!?)p(\d+)/g)].map(([, not, atom]) => ({
      atom: Number(atom),
      negated: not === '!',
    }));
    return { from: Number(from), to: Number(to), label: literals, marks: marks!.length };
  });
  const count = 1 + Math.max(...transitions.flatMap(({ from, to }) => [from, to]));
  const marks = 32 - Math.clz32(Math.max(0, ...transitions.map((one) => one.marks)));
  const components = Array.from({ length: count }, (_, state) => ({
    first: state,
    last: state,
    accepting: accepting.includes(state),
  }));
  return { states: count, initial: 0, marks, transitions, components, universal: -1 };
}

export interface TinyProduct {
  readonly product: Product;
  readonly obligations: Obligations;
  /** `0.1 -a> 2.1`: a vertex is a state and a state of the automaton; `~` stands for stuttering. */
  readonly show: (edge: Pick<Edge, 'from' | 'to' | 'step'>) => string;
  readonly vertex: (name: string) => number;
}

/** A product with a graph in the notation of `tiny-graph.ts`. */
export function tinyProduct(notation: string, parts: TinyParts, initial: readonly number[] = [0]): TinyProduct {
  const graph = tiny(notation, initial);
  const builder = new StateGraphBuilder(graph.actions.length);
  for (let state = 0; state < graph.states; state += 1) {
    builder.beginState();
    for (const { from, to, instance } of graph.edges) if (from === state) builder.addStep(to, instance);
  }
  const paired = joinSteps(builder.finish(initial), graph.actions.length);
  const instancesOf = (names: string): number[] => names.split(' ').map((name) => graph.actions.indexOf(name));
  const letters = lettersOf(paired, [
    ...(parts.predicates ?? []).map((text) => ({
      kind: 'state' as const,
      evaluate: (into: Uint8Array) =>
        text.split(' ').forEach((one) => (into[Number.parseInt(one, 10)] = one.endsWith('!') ? 2 : 1)),
    })),
    ...(parts.taken ?? []).map((names) => ({ kind: 'taken' as const, instances: new Set(instancesOf(names)) })),
  ]);
  const product = new Product(paired.graph, parts.automaton, letters);
  const guards: (readonly number[])[] = [];
  const constraints = (parts.fairness ?? []).map((text) => {
    const [, strength, names, where] = /^(weak|strong) ([\w ]+?)(?: when ([\d ]+))?$/.exec(text)!;
    const guard = where === undefined ? NO_GUARD : guards.push(states(where)) - 1;
    return {
      strength: strength as 'weak' | 'strong',
      about: { name: names!, arguments: [] },
      members: new Map(instancesOf(names!).map((instance) => [instance, guard])),
    };
  });
  const fairness = fairnessTable(paired, constraints, guards.length, (guard, into) =>
    into.forEach((_, state) => (into[state] = guards[guard]!.includes(state) ? 1 : 0)),
  );
  const obligations = new Obligations(
    { graph: paired.graph, letters, marks: parts.automaton.marks },
    parts.recurring ?? [],
    fairness,
  );
  const nameOf = (vertex: number): string => `${product.stateOf(vertex)}.${product.automatonStateOf(vertex)}`;
  const stepOf = (step: number): string =>
    step === STUTTER
      ? '~'
      : paired.makers
          .instancesOf(paired.graph.instances[step]!)
          .map((instance) => graph.actions[instance])
          .join('+');
  return {
    product,
    obligations,
    show: ({ from, to, step }) => `${nameOf(from)} -${stepOf(step)}> ${nameOf(to)}`,
    vertex: (name) => {
      const [state, automatonState] = name.split('.').map(Number);
      return automatonState! * paired.graph.size + state!;
    },
  };
}
