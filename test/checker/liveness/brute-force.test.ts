import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ATOMS, formulas, PREDICATES, problems } from './arbitrary.ts';
import { askChecker } from './ask.ts';
import type { TinyAnswer, TinyProblem } from './ask.ts';
import { allSteps, holdsOn, isSatisfiable } from './oracle.ts';
import type { Assumption, AtomTruth, Formula, Graph } from './oracle.ts';

const RUNS = Number(process.env['FAIRLEAD_RUNS'] ?? 3000);

function truthIn(problem: TinyProblem): AtomTruth {
  const steps = allSteps(problem.graph);
  return (atom, state, instance) => {
    if (atom < PREDICATES) return problem.predicates[atom]!.includes(state);
    if (atom === PREDICATES) return problem.taken[0]!.includes(instance);
    return steps.some((step) => step.from === state && problem.enabled[0]!.includes(step.instance));
  };
}

function assumptionsOf(problem: TinyProblem): readonly Assumption[] {
  return problem.fairness.map(({ strength, instances, guard }) => ({
    strength,
    covers: (state, instance) => instances.includes(instance) && (guard === undefined || guard.includes(state)),
  }));
}

function isViolated(problem: TinyProblem, property: Formula): boolean {
  return isSatisfiable(problem.graph, { op: 'not', of: property }, truthIn(problem), assumptionsOf(problem));
}

type Told = Pick<TinyAnswer, 'states' | 'instances' | 'loop'>;

/** Every reason why an answer is no counterexample. */
function faultsOf(problem: TinyProblem, property: Formula, answer: Told): readonly string[] {
  const { graph } = problem;
  const { states, instances, loop } = answer;
  const steps = allSteps(graph);
  const truth = truthIn(problem);
  const faults: string[] = [];
  if (!graph.initial.includes(states[0]!)) faults.push('does not start in an initial state');
  if (states.length !== instances.length + 1) faults.push('has not one more state than steps');
  instances.forEach((instance, index) => {
    const [from, to] = [states[index]!, states[index + 1]!];
    if (!steps.some((step) => step.from === from && step.to === to && step.instance === instance)) {
      faults.push(`has no step ${from} -${instance}> ${to}`);
    }
  });
  if (loop === undefined) {
    if (!isHopeless(graph, answer, property, truth)) faults.push('can be continued so that the property holds');
    return faults;
  }

  const letters = instances.map((instance, index) => ({ state: states[index]!, instance }));
  if (loop === instances.length) letters.push({ state: states[loop]!, instance: -1 });
  else if (states[loop] !== states.at(-1)) faults.push('does not return to the start of its loop');
  if (holdsOn({ letters, loop }, property, truth)) faults.push('satisfies the property');
  assumptionsOf(problem).forEach(({ strength, covers }, index) => {
    const around = letters.slice(loop);
    const enabled = around.map(({ state }) =>
      steps.some((step) => step.from === state && step.instance >= 0 && covers(state, step.instance)),
    );
    const isTaken = around.some(({ state, instance }) => instance >= 0 && covers(state, instance));
    const isFair = isTaken || (strength === 'weak' ? enabled.includes(false) : !enabled.includes(true));
    if (!isFair) faults.push(`is unfair to assumption ${index}`);
  });
  return faults;
}

/** Whether no continuation of a finite run, fair or not, satisfies the property: the run becomes a graph's only start. */
function isHopeless(graph: Graph, { states, instances }: Told, property: Formula, truth: AtomTruth): boolean {
  const copy = (index: number): number => (index === instances.length ? states[index]! : graph.states + index);
  const original = (state: number): number => (state < graph.states ? state : states[state - graph.states]!);
  const unrolled: Graph = {
    states: graph.states + instances.length,
    initial: [copy(0)],
    restlessFrom: graph.states,
    edges: [
      ...graph.edges,
      ...instances.map((instance, index) => ({ from: copy(index), instance, to: copy(index + 1) })),
    ],
  };
  return !isSatisfiable(unrolled, property, (atom, state, instance) => truth(atom, original(state), instance), []);
}

it('reports nothing on a graph that was cut that is no counterexample on the whole', () => {
  let found = 0;
  const cuts = fc.record(
    { maxStates: fc.integer({ min: 1, max: 4 }), within: fc.uniqueArray(fc.nat(5), { minLength: 1 }) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      problems(6),
      fc.integer({ min: 0, max: 3 }).chain((size) => formulas(ATOMS, size)),
      cuts,
      (problem, property, cut) => {
        const answer = askChecker(problem, property, cut);
        if (answer.kind !== 'found') return;
        found += 1;
        expect(isViolated(problem, property)).toBe(true);
        expect(faultsOf(problem, property, answer)).toEqual([]);
      },
    ),
    { numRuns: Math.floor(RUNS / 3) },
  );
  expect(found).toBeGreaterThan(RUNS / 60);
});

/** The fewest steps below `bound` in which some lasso tells of a violation, by trying all of them; else `bound`. */
function fewestSteps(problem: TinyProblem, property: Formula, bound: number): number {
  const moves = allSteps(problem.graph).filter(({ instance }) => instance >= 0);
  const tell = (states: readonly number[], instances: readonly number[]): number => {
    if (bound <= instances.length) return bound;
    for (let loop = 0; loop <= instances.length; loop += 1) {
      const closes = loop === instances.length || states[loop] === states.at(-1);
      if (closes && faultsOf(problem, property, { states, instances, loop }).length === 0) {
        return instances.length;
      }
    }
    const longer = moves
      .filter(({ from }) => from === states.at(-1))
      .map(({ instance, to }) => tell([...states, to], [...instances, instance]));
    return Math.min(bound, ...longer);
  };
  return Math.min(...problem.graph.initial.map((state) => tell([state], [])));
}

it('tells of a violation in as few steps as possible, but for one in a thousand', () => {
  // The search is for shortest lassos of the product. Where the automaton has to go round a loop of states twice before
  // it comes back to where it was, a loop that is longer in states may be shorter there.
  const recurring = formulas(PREDICATES, 1).map((of): Formula => ({ op: 'always', of: { op: 'eventually', of } }));
  const properties = fc.oneof(
    fc.integer({ min: 1, max: 3 }).chain((size) => formulas(PREDICATES, size)),
    recurring,
  );
  let long = 0;
  let near = 0;
  let missed = 0;
  fc.assert(
    fc.property(problems(6, 2), properties, (problem, property) => {
      const answer = askChecker(problem, property);
      const told = answer.instances.length;
      // Large graphs are looked at near the start first, and this must not make it longer.
      expect(askChecker(problem, property, {}, false).instances.length).toBe(told);
      if (answer.kind === 'found' && 0 < answer.parts) near += 1;
      if (answer.kind !== 'found' || 6 < told) return;
      if (3 <= told) long += 1;
      if (fewestSteps(problem, property, told) < told) missed += 1;
    }),
    { numRuns: RUNS },
  );
  expect(long).toBeGreaterThan(RUNS / 1000);
  expect(near).toBeGreaterThan(RUNS / 20);
  expect(missed).toBeLessThanOrEqual(Math.max(2, RUNS / 1000));
});

it('agrees with brute force on random graphs, formulas and fairness, and its lassos are what they claim', () => {
  let violated = 0;
  let held = 0;
  fc.assert(
    fc.property(
      problems(10),
      fc.integer({ min: 0, max: 4 }).chain((size) => formulas(ATOMS, size)),
      (problem, property) => {
        const answer = askChecker(problem, property);
        const expected = isViolated(problem, property);
        expect(answer.kind).toBe(expected ? 'found' : 'none');
        if (expected) {
          violated += 1;
          expect(faultsOf(problem, property, answer)).toEqual([]);
        } else {
          held += 1;
        }
      },
    ),
    { numRuns: RUNS },
  );
  expect(Math.min(violated, held)).toBeGreaterThan(RUNS / 20);
});
