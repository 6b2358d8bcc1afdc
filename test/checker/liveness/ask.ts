import { explore } from '../../../checker/search/breadth-first.ts';
import type { StateGraph } from '../../../checker/search/state-graph.ts';
import { fairnessTable, NO_GUARD } from '../../../checker/liveness/fairness.ts';
import type { FairnessConstraint } from '../../../checker/liveness/fairness.ts';
import { STUTTER } from '../../../checker/search/path.ts';
import { freshBudgets } from '../../../checker/liveness/lasso-search.ts';
import { lettersOf } from '../../../checker/liveness/letters.ts';
import type { Atom } from '../../../checker/liveness/letters.ts';
import { always, and, atom, constant, eventually, negate, or, until } from '../../../checker/liveness/ltl.ts';
import type { Ltl } from '../../../checker/liveness/ltl.ts';
import { joinSteps } from '../../../checker/liveness/makers.ts';
import { widening } from '../../../checker/liveness/neighborhood.ts';
import { findViolation } from '../../../checker/liveness/violation.ts';
import type { LivenessAnswer } from '../../../checker/liveness/violation.ts';
import type { Formula } from './oracle.ts';
import { engineOf } from './tiny-graph.ts';
import type { TinyGraph } from './tiny-graph.ts';

/**
 * Atoms `0 … predicates.length - 1` are sets of states, then come `taken` and `enabled` of sets of instances. An edge from
 * a state to itself enables its instance, and is no step that is taken.
 */
export interface TinyProblem {
  readonly graph: TinyGraph;
  readonly predicates: readonly (readonly number[])[];
  readonly taken: readonly (readonly number[])[];
  readonly enabled: readonly (readonly number[])[];
  readonly fairness: readonly TinyAssumption[];
  /** So many assumptions about nothing stand before those: what comes after 32 of them is in another word. */
  readonly idle?: number;
}

export interface TinyAssumption {
  readonly strength: 'weak' | 'strong';
  readonly instances: readonly number[];
  /** The states in which its steps count; absent: all. */
  readonly guard?: readonly number[];
  /** The same for steps of the first of its instances; absent: as those of the others. */
  readonly firstGuard?: readonly number[];
}

/** The states in which the steps of an instance count; undefined: all. */
export function guardOf(
  { instances, guard, firstGuard }: TinyAssumption,
  instance: number,
): readonly number[] | undefined {
  return instance === instances[0] && firstGuard !== undefined ? firstGuard : guard;
}

/** The checker's answer, in the state numbers of the graph. */
export interface TinyAnswer {
  readonly kind: LivenessAnswer['kind'];
  readonly states: readonly number[];
  /** The first instance that makes each step; -1: stuttering. */
  readonly instances: readonly number[];
  readonly loop: number | undefined;
  /** Whether it is said to be the shortest. */
  readonly isShortest: boolean;
  /** How many parts of the graph there are to look for a lasso in before all of it. */
  readonly parts: number;
}

/** What to leave out of the search. */
export interface TinyCut {
  readonly maxStates?: number;
  /** The states to keep to; absent: all. */
  readonly within?: readonly number[];
}

/**
 * Asks the checker for a fair behavior that violates `property`.
 *
 * @param looksNearFirst - whether it may look for a lasso in a part of the graph first, as it does with large ones.
 */
export function askChecker(
  problem: TinyProblem,
  property: Formula,
  { maxStates, within }: TinyCut = {},
  looksNearFirst = true,
): TinyAnswer {
  const { graph, predicates } = problem;
  const engine = engineOf(graph, within === undefined ? [] : [within]);
  const exploration = explore(
    engine,
    { invariants: [], steps: [], sometimes: [], terminal: [], within: within === undefined ? [] : [0] },
    {
      instances: graph.actions.length,
      deadlock: false,
      keepSteps: true,
      stopAtFirst: false,
      ...(maxStates === undefined ? {} : { maxStates }),
    },
  );
  const paired = joinSteps(exploration.graph!, graph.actions.length);
  const stateGraph: StateGraph = paired.graph;
  const original = (state: number): number => exploration.states.wordsOf(state)[0]!;
  const atoms: readonly Atom[] = [
    ...predicates.map((members): Atom => ({
      kind: 'state',
      evaluate: (into) => into.forEach((_, state) => (into[state] = members.includes(original(state)) ? 1 : 0)),
    })),
    ...problem.taken.map((instances): Atom => ({ kind: 'taken', instances: new Set(instances) })),
    ...problem.enabled.map((instances): Atom => ({
      kind: 'state',
      evaluate: (into) =>
        into.forEach((_, state) => (into[state] = isEnabled(graph, instances, original(state)) ? 1 : 0)),
    })),
  ];
  const guards = problem.fairness.flatMap(({ guard, firstGuard }) =>
    [guard, firstGuard].filter((one) => one !== undefined),
  );
  const idle = Array.from({ length: problem.idle ?? 0 }, (_, index): FairnessConstraint => ({
    strength: index % 2 === 0 ? 'weak' : 'strong',
    about: { name: 'idle', arguments: [index] },
    members: new Map(),
  }));
  const numberOf = (guard: readonly number[] | undefined): number =>
    guard === undefined ? NO_GUARD : guards.indexOf(guard);
  const about = problem.fairness.map((assumption, index): FairnessConstraint => ({
    strength: assumption.strength,
    about: { name: String(index), arguments: [] },
    members: new Map(assumption.instances.map((instance) => [instance, numberOf(guardOf(assumption, instance))])),
  }));
  const constraints = [...idle, ...about];
  const fairness = fairnessTable(paired, constraints, guards.length, (guard, into) =>
    into.forEach((_, state) => (into[state] = guards[guard]!.includes(original(state)) ? 1 : 0)),
  );
  const used = atomsOf(property);
  const answer = findViolation({
    graph: stateGraph,
    letters: lettersOf(
      paired,
      atoms.map((one, index) => (used.has(index) ? one : UNUSED)),
    ),
    violation: negate(ltlOf(property)),
    fairness,
    ...(looksNearFirst && { levels: exploration.levels }),
    search: {
      firstStates: 1,
      bound: Infinity,
      ...freshBudgets(),
      actors: Int32Array.from({ length: paired.makers.count }, (_, maker) => paired.makers.instancesOf(maker)[0]!),
    },
  });
  const parts = widening(stateGraph.size, exploration.levels, { level: 0, states: 1 }).length;
  if (answer.kind !== 'found') {
    return { kind: answer.kind, states: [], instances: [], loop: undefined, isShortest: false, parts };
  }
  const { start, stem, loop } = answer.lasso;
  const edges = [...stem, ...(loop ?? [])];
  const firstMaker = (step: number): number => paired.makers.instancesOf(stateGraph.instances[step]!)[0]!;
  return {
    kind: 'found',
    states: [start, ...edges.map(({ to }) => to)].map(original),
    instances: edges.map(({ step }) => (step === STUTTER ? -1 : firstMaker(step))),
    loop: loop && stem.length,
    isShortest: answer.isShortest,
    parts,
  };
}

/** Whether one of some instances has an edge from a state. */
export function isEnabled({ edges }: TinyGraph, instances: readonly number[], state: number): boolean {
  return edges.some(({ from, instance }) => from === state && instances.includes(instance));
}

const UNUSED: Atom = { kind: 'state', evaluate: (into) => into.fill(0) };

function atomsOf(formula: Formula): ReadonlySet<number> {
  switch (formula.op) {
    case 'true':
      return new Set();
    case 'atom':
      return new Set([formula.atom]);
    case 'not':
    case 'always':
    case 'eventually':
      return atomsOf(formula.of);
    default:
      return new Set([...atomsOf(formula.left), ...atomsOf(formula.right)]);
  }
}

export function ltlOf(formula: Formula): Ltl {
  switch (formula.op) {
    case 'true':
      return constant(true);
    case 'atom':
      return atom(formula.atom);
    case 'not':
      return negate(ltlOf(formula.of));
    case 'always':
      return always(ltlOf(formula.of));
    case 'eventually':
      return eventually(ltlOf(formula.of));
    case 'and':
      return and(ltlOf(formula.left), ltlOf(formula.right));
    case 'or':
      return or(ltlOf(formula.left), ltlOf(formula.right));
    case 'implies':
      return or(negate(ltlOf(formula.left)), ltlOf(formula.right));
    case 'until':
      return until(ltlOf(formula.left), ltlOf(formula.right));
    case 'leadsTo':
      return always(or(negate(ltlOf(formula.left)), eventually(ltlOf(formula.right))));
  }
}
