import fc from 'fast-check';
import type { Formula } from './oracle.ts';
import type { TinyAssumption, TinyProblem } from './ask.ts';
import type { TinyEdge } from './tiny-graph.ts';

/** Formulas with at most `operators` operators over atoms `0 … atoms - 1`. */
export function formulas(atoms: number, operators: number): fc.Arbitrary<Formula> {
  const leaf = fc.integer({ min: 0, max: atoms - 1 }).map((atom): Formula => ({ op: 'atom', atom }));
  if (operators === 0) return leaf;
  const unary = fc
    .tuple(fc.constantFrom('not' as const, 'always' as const, 'eventually' as const), formulas(atoms, operators - 1))
    .map(([op, of]): Formula => ({ op, of }));
  const binary = fc
    .integer({ min: 0, max: operators - 1 })
    .chain((left) =>
      fc.tuple(
        fc.constantFrom('and' as const, 'or' as const, 'implies' as const, 'until' as const, 'leadsTo' as const),
        formulas(atoms, left),
        formulas(atoms, operators - 1 - left),
      ),
    )
    .map(([op, left, right]): Formula => ({ op, left, right }));
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 4, arbitrary: unary }, { weight: 4, arbitrary: binary });
}

/** That not all of some formulas without temporal operators are true again and again. */
export function recurrences(atoms: number): fc.Arbitrary<Formula> {
  const leaf = formulas(atoms, 0);
  const now = fc
    .tuple(fc.constantFrom('and' as const, 'or' as const, 'implies' as const), leaf, leaf)
    .map(([op, left, right]): Formula => ({ op, left, right }));
  const again = fc.oneof(leaf, now).map((of): Formula => ({ op: 'always', of: { op: 'eventually', of } }));
  return fc
    .array(again, { minLength: 1, maxLength: 3 })
    .map((all): Formula => ({ op: 'not', of: all.reduce((left, right) => ({ op: 'and', left, right })) }));
}

export const PREDICATES = 2;
export const ATOMS = PREDICATES + 2; // and one `taken`, one `enabled`
const ACTIONS = 3;

/**
 * Graphs of up to `states` states, three instances, which share some steps, two predicates, up to three assumptions of
 * every kind.
 */
export function problems(states: number, fewestAssumptions = 0): fc.Arbitrary<TinyProblem> {
  return problemsOf(states, fewestAssumptions, (count, edge) => fc.array(edge, { maxLength: count * 2 + 2 }));
}

/** The same on graphs whose states are mostly one after the other, so that it is far to some of them and back. */
export function windingProblems(states: number): fc.Arbitrary<TinyProblem> {
  return problemsOf(states, 0, (count, edge, instance) =>
    fc
      .tuple(fc.array(instance, { minLength: count, maxLength: count }), fc.array(edge, { maxLength: 2 }))
      .map(([instances, others]) => [
        ...instances.map((one, from) => ({ from, instance: one, to: (from + 1) % count })),
        ...others,
      ]),
  ).map((problem) => ({ ...problem, graph: { ...problem.graph, initial: problem.graph.initial.slice(0, 1) } }));
}

function problemsOf(
  states: number,
  fewestAssumptions: number,
  edgesAmong: (
    count: number,
    edge: fc.Arbitrary<TinyEdge>,
    instance: fc.Arbitrary<number>,
  ) => fc.Arbitrary<readonly TinyEdge[]>,
): fc.Arbitrary<TinyProblem> {
  return fc.integer({ min: 1, max: states }).chain((count) => {
    const state = fc.integer({ min: 0, max: count - 1 });
    const someStates = fc.uniqueArray(state, { maxLength: count });
    const someInstances = fc.uniqueArray(fc.integer({ min: 0, max: ACTIONS - 1 }), {
      minLength: 1,
      maxLength: ACTIONS,
    });
    const instance = fc.integer({ min: 0, max: ACTIONS - 1 });
    const edge = fc.record({ from: state, instance, to: state });
    const edges = fc
      .tuple(edgesAmong(count, edge, instance), fc.array(fc.tuple(fc.nat(), instance), { maxLength: 4 }))
      .map(([made, also]) => [
        ...made,
        ...also.flatMap(([number, other]) =>
          made.length === 0 ? [] : [{ ...made[number % made.length]!, instance: other }],
        ),
      ]);
    const assumption: fc.Arbitrary<TinyAssumption> = fc.record(
      {
        strength: fc.constantFrom('weak' as const, 'strong' as const),
        instances: someInstances,
        guard: someStates,
        firstGuard: someStates,
      },
      { requiredKeys: ['strength', 'instances'] },
    );
    return fc.record({
      graph: fc.record({
        states: fc.constant(count),
        initial: fc.uniqueArray(state, { minLength: 1, maxLength: 2 }),
        edges,
        actions: fc.constant(['a', 'b', 'c']),
      }),
      predicates: fc.tuple(someStates, someStates),
      taken: fc.tuple(someInstances),
      enabled: fc.tuple(someInstances),
      fairness: fc.array(assumption, { minLength: fewestAssumptions, maxLength: 3 }),
      idle: fc.constantFrom(0, 0, 31, 33),
    });
  });
}
