import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ATOMS, formulas, PREDICATES, problems, recurrences, windingProblems } from './arbitrary.ts';
import { askChecker, guardOf, isEnabled } from './ask.ts';
import type { TinyAnswer, TinyProblem } from './ask.ts';
import { allSteps, holdsOn, isSatisfiable, prefixesOf } from './oracle.ts';
import type { Assumption, AtomTruth, Formula, Graph, Prefix, Step } from './oracle.ts';
import type { TinyGraph } from './tiny-graph.ts';
import { sizeOf } from '../../support/size.ts';

const RUNS = sizeOf('FAIRLEAD_RUNS', 3000);

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
  return problem.fairness.map((assumption) => ({
    strength: assumption.strength,
    covers: (step) =>
      assumption.instances.some(
        (instance) =>
          isMade(problem.graph, [instance], step) && guardOf(assumption, instance)?.includes(step.from) !== false,
      ),
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

/** How a violation can be told in some number of steps. */
interface Tellings {
  /** By a run after which nothing helps. */
  readonly byPrefix: boolean;
  readonly byLasso: boolean;
}

/** Whether a violation can be told in exactly so many steps, by trying all runs of that length and all their loops. */
function tellings(problem: TinyProblem, property: Formula, canStillHold: Prefix, length: number): Tellings {
  const { graph } = problem;
  const steps = allSteps(graph);
  const from = Array.from({ length: graph.states }, (_, state) => steps.filter((step) => step.from === state));
  const truth = truthIn(problem);
  const fairness = assumptionsOf(problem).map(({ strength, covers }) => {
    const takes = (step: Step): boolean => step.from !== step.to && covers(step);
    return { strength, takes, enabled: from.map((list) => list.some(takes)) };
  });
  const isFair = (around: readonly Step[]): boolean =>
    fairness.every(({ strength, takes, enabled }) => {
      const isEnabled = (step: Step): boolean => enabled[step.from]!;
      return around.some(takes) || !(strength === 'weak' ? around.every(isEnabled) : around.some(isEnabled));
    });
  let [byPrefix, byLasso] = [false, false];
  const visit = (run: readonly Step[], state: number): void => {
    if (run.length < length) {
      for (const step of from[state]!) visit([...run, step], step.to);
      return;
    }
    const letters = run.map((step) => (atom: number) => truth(atom, step.from, step.to));
    byPrefix ||= !canStillHold(letters, (atom) => (atom === PREDICATES ? undefined : truth(atom, state, state)));
    for (let loop = 0; loop <= length && !byLasso; loop += 1) {
      const told = loop === length ? [...run, { from: state, to: state }] : run;
      if (told[loop]!.from !== state || !isFair(told.slice(loop))) continue;
      byLasso = !holdsOn({ letters: told, loop }, property, truth);
    }
  };
  for (const state of graph.initial) visit([], state);
  return { byPrefix, byLasso };
}

it('tells of a violation in as few steps as possible, and without a loop where none is needed', () => {
  const recurring = formulas(ATOMS, 1).map((of): Formula => ({ op: 'always', of: { op: 'eventually', of } }));
  const properties = fc.oneof(
    { weight: 1, arbitrary: recurring },
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 4 }).chain((size) => formulas(ATOMS, size)) },
  );
  const counts = { violated: 0, long: 0, near: 0, ofSteps: 0, shared: 0, prefixes: 0, stuttering: 0, fair: 0 };
  fc.assert(
    fc.property(fc.oneof(problems(6), windingProblems(6)), properties, (problem, property) => {
      const answer = askChecker(problem, property);
      if (answer.kind !== 'found') return;
      expect(answer.isShortest).toBe(true);
      const told = answer.instances.length;
      // Large graphs are looked at near the start first, and this must not make it longer.
      expect(askChecker(problem, property, {}, false).instances.length).toBe(told);
      expect(faultsOf(problem, property, answer)).toEqual([]);
      if (MOST_TRIED < told) return;
      const canStillHold = prefixesOf(property);
      for (let length = 0; length < told; length += 1) {
        expect(tellings(problem, property, canStillHold, length)).toEqual({ byPrefix: false, byLasso: false });
      }
      expect(tellings(problem, property, canStillHold, told).byPrefix).toBe(answer.loop === undefined);

      counts.violated += 1;
      if (3 <= told) counts.long += 1;
      if (0 < answer.parts) counts.near += 1;
      if (speaksOfActions(property)) counts.ofSteps += 1;
      if (sharesSteps(problem)) counts.shared += 1;
      if (answer.loop === undefined) counts.prefixes += 1;
      if (answer.instances.includes(-1)) counts.stuttering += 1;
      if (0 < problem.fairness.length) counts.fair += 1;
    }),
    { numRuns: RUNS },
  );
  if (process.env['FAIRLEAD_RUNS'] !== undefined) process.stdout.write(`${JSON.stringify(counts)}\n`);
  expect(counts.violated).toBeGreaterThan(RUNS / 4);
  expect(counts.long).toBeGreaterThan(RUNS / 200);
  expect(counts.near).toBeGreaterThan(RUNS / 20);
  expect(counts.ofSteps).toBeGreaterThan(RUNS / 8);
  expect(counts.shared).toBeGreaterThan(RUNS / 10);
  expect(counts.prefixes).toBeGreaterThan(RUNS / 20);
  expect(counts.stuttering).toBeGreaterThan(RUNS / 200);
  expect(counts.fair).toBeGreaterThan(RUNS / 8);
}, 180_000);

/** All runs of up to so many steps are tried; longer ones are too many. */
const MOST_TRIED = 6;

/** Whether an atom is `taken` or `enabled`. */
function speaksOfActions(formula: Formula): boolean {
  switch (formula.op) {
    case 'true':
      return false;
    case 'atom':
      return PREDICATES <= formula.atom;
    case 'not':
    case 'always':
    case 'eventually':
      return speaksOfActions(formula.of);
    default:
      return speaksOfActions(formula.left) || speaksOfActions(formula.right);
  }
}

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
      fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }).chain((size) => formulas(ATOMS, size)) },
        { weight: 1, arbitrary: recurrences(ATOMS) },
      ),
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
