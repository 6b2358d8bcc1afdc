import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ATOMS, formulas, PREDICATES, problems } from './arbitrary.ts';
import { askChecker, isEnabled } from './ask.ts';
import type { TinyAnswer, TinyProblem } from './ask.ts';
import { allSteps, holdsOn, isSatisfiable } from './oracle.ts';
import type { Assumption, AtomTruth, Formula, Graph, Step } from './oracle.ts';
import type { TinyGraph } from './tiny-graph.ts';

const RUNS = Number(process.env['FAIRLEAD_RUNS'] ?? 3000);

function truthIn({ graph, predicates, taken, enabled }: TinyProblem): AtomTruth {
  return (atom, state, next) => {
    if (atom < PREDICATES) return predicates[atom]!.includes(state);
    if (atom === PREDICATES) return state !== next && isMade(graph, taken[0]!, { from: state, to: next });
    return isEnabled(graph, enabled[0]!, state);
  };
}

/** Whether some instance leads from one state to another, whichever others do. */
function isMade({ edges }: TinyGraph, instances: readonly number[], { from, to }: Step): boolean {
  return edges.some((edge) => edge.from === from && edge.to === to && instances.includes(edge.instance));
}

function assumptionsOf(problem: TinyProblem): readonly Assumption[] {
  return problem.fairness.map(({ strength, instances, guard }) => ({
    strength,
    covers: (step) => isMade(problem.graph, instances, step) && (guard === undefined || guard.includes(step.from)),
  }));
}

function isViolated(problem: TinyProblem, property: Formula): boolean {
  return isSatisfiable(problem.graph, { op: 'not', of: property }, truthIn(problem), assumptionsOf(problem));
}

type Told = Pick<TinyAnswer, 'states' | 'loop'>;

/** Every reason why an answer is no counterexample. */
function faultsOf(problem: TinyProblem, property: Formula, answer: Told): readonly string[] {
  const { graph } = problem;
  const { states, loop } = answer;
  const told = stepsOf(states);
  const steps = allSteps(graph);
  const truth = truthIn(problem);
  const faults: string[] = [];
  if (!graph.initial.includes(states[0]!)) faults.push('does not start in an initial state');
  for (const { from, to } of told) {
    if (!steps.some((step) => step.from === from && step.to === to)) faults.push(`has no step ${from} > ${to}`);
  }
  if (loop === undefined) {
    if (!isHopeless(graph, answer, property, truth)) faults.push('can be continued so that the property holds');
    return faults;
  }

  const letters = [...told];
  if (loop === told.length) letters.push({ from: states[loop]!, to: states[loop]! });
  else if (states[loop] !== states.at(-1)) faults.push('does not return to the start of its loop');
  if (holdsOn({ letters, loop }, property, truth)) faults.push('satisfies the property');
  assumptionsOf(problem).forEach(({ strength, covers }, index) => {
    const around = letters.slice(loop);
    const takes = (step: Step): boolean => step.from !== step.to && covers(step);
    const enabled = around.map(({ from }) => steps.some((step) => step.from === from && takes(step)));
    const isTaken = around.some(takes);
    const isFair = isTaken || (strength === 'weak' ? enabled.includes(false) : !enabled.includes(true));
    if (!isFair) faults.push(`is unfair to assumption ${index}`);
  });
  return faults;
}

function stepsOf(states: readonly number[]): readonly Step[] {
  return states.slice(1).map((to, index) => ({ from: states[index]!, to }));
}

/** Whether no continuation of a finite run, fair or not, satisfies the property: the run becomes a graph's only start. */
function isHopeless(graph: Graph, { states }: Told, property: Formula, truth: AtomTruth): boolean {
  const length = states.length - 1;
  const copy = (index: number): number => (index === length ? states[index]! : graph.states + index);
  const original = (state: number): number => (state < graph.states ? state : states[state - graph.states]!);
  const unrolled: Graph = {
    states: graph.states + length,
    initial: [copy(0)],
    restlessFrom: graph.states,
    edges: [...graph.edges, ...stepsOf(states).map((_, index) => ({ from: copy(index), to: copy(index + 1) }))],
  };
  return !isSatisfiable(unrolled, property, (atom, from, to) => truth(atom, original(from), original(to)), []);
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
  const steps = allSteps(problem.graph);
  const tell = (states: readonly number[]): number => {
    const length = states.length - 1;
    if (bound <= length) return bound;
    for (let loop = 0; loop <= length; loop += 1) {
      const closes = loop === length || states[loop] === states.at(-1);
      if (closes && faultsOf(problem, property, { states, loop }).length === 0) return length;
    }
    const longer = steps.filter(({ from }) => from === states.at(-1)).map(({ to }) => tell([...states, to]));
    return Math.min(bound, ...longer);
  };
  return Math.min(...problem.graph.initial.map((state) => tell([state])));
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
      const told = answer.states.length - 1;
      // Large graphs are looked at near the start first, and this must not make it longer.
      expect(askChecker(problem, property, {}, false).states.length - 1).toBe(told);
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

/** Whether a step of an assumption, or one asked about, is made by an instance that it does not name as well. */
function sharesSteps({ graph: { edges }, fairness, taken }: TinyProblem): boolean {
  return [...fairness.map(({ instances }) => instances), ...taken].some((named) =>
    edges.some(
      ({ from, to, instance }) =>
        from !== to &&
        named.includes(instance) &&
        edges.some((twin) => twin.from === from && twin.to === to && !named.includes(twin.instance)),
    ),
  );
}

it('agrees with brute force on random graphs, formulas and fairness, and its lassos are what they claim', () => {
  let violated = 0;
  let held = 0;
  let shared = 0;
  fc.assert(
    fc.property(
      problems(10),
      fc.integer({ min: 0, max: 4 }).chain((size) => formulas(ATOMS, size)),
      (problem, property) => {
        const answer = askChecker(problem, property);
        const expected = isViolated(problem, property);
        if (sharesSteps(problem)) shared += 1;
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
  expect(shared).toBeGreaterThan(RUNS / 5);
});
