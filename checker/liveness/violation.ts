import { IntList } from '../search/int-list.ts';
import { outOfMemory } from '../search/memory.ts';
import type { StateGraph } from '../search/state-graph.ts';
import { automatonOf } from './buchi.ts';
import { fairComponents } from './fair-components.ts';
import type { FairnessTable } from './fairness.ts';
import { behaviorOf } from './behavior.ts';
import type { Behavior } from './behavior.ts';
import { lassoInto } from './lasso.ts';
import type { LassoSearch } from './lasso.ts';
import type { Letters } from './letters.ts';
import { and, conjunctsOf, isAlways, isEventually, isPropositional, TRUE_FORMULA } from './ltl.ts';
import type { Ltl } from './ltl.ts';
import { Obligations } from './obligations.ts';
import { Product } from './product.ts';

/** One question to a state graph: is there a fair behavior that satisfies `violation`? */
export interface LivenessQuestion {
  readonly graph: StateGraph;
  /** What the atoms say of its states and steps. */
  readonly letters: Letters;
  /** The negation of what should hold, over the atoms. */
  readonly violation: Ltl;
  readonly fairness: FairnessTable;
  /** What to spend on a short counterexample; absent: the default. */
  readonly search?: LassoSearch;
  /** Called now and then; may throw to give up. */
  readonly onTick?: () => void;
}

/** Vertices of the product are 32-bit integers. */
const MAX_VERTICES = 2 ** 31 - 1;

/** Pairs of a vertex and a set of obligations looked at for a shortest loop: a fraction of a second. */
export const LASSO_BUDGET = 50_000;

export type LivenessAnswer =
  | { readonly kind: 'none' }
  | { readonly kind: 'found'; readonly behavior: Behavior }
  /** There is one, but none with fewer steps than the bound was found. */
  | { readonly kind: 'notShorter' }
  /** The atom could not be evaluated in that state, and it matters there. */
  | { readonly kind: 'failed'; readonly state: number; readonly atom: number };

/**
 * Looks for a fair behavior that satisfies the negation of a property.
 *
 * Conjuncts `□◇p` of the negation are met like fairness, as something a loop has to do; the rest becomes an automaton.
 * The product of the two is searched one component of the automaton at a time; those that accept nothing only need to
 * be passed through.
 *
 * @throws FormulaTooLarge as `automatonOf` does; RangeError when there is no memory for the product (`isOutOfMemory`).
 * @remarks Time linear in the steps of the product, but for strong fairness (see `fairComponents`). Memory: a byte a
 * vertex of the product, and 8 bytes a vertex of the largest accepting component of the automaton.
 */
export function findViolation(question: LivenessQuestion): LivenessAnswer {
  const { graph, letters, onTick } = question;
  const { rest, recurring } = splitRecurring(question.violation);
  const automaton = automatonOf(rest);
  if (automaton.initial < 0) return { kind: 'none' };

  if (MAX_VERTICES < graph.size * automaton.states) throw outOfMemory('more product vertices than 32 bits can number');
  const product = new Product(graph, automaton, letters, onTick);
  const obligations = new Obligations(product, recurring, question.fairness);
  const reached = reachedFrom(product);
  // Fair behaviors go on from everywhere, so once every continuation violates the property none has to be shown.
  const final = recurring.length === 0 ? automaton.universal : -1;
  const components = automaton.components.flatMap((component) =>
    component.accepting && component.first !== final ? fairComponents(product, obligations, reached, component) : [],
  );
  const isFinal = (vertex: number): boolean => product.automatonStateOf(vertex) === final;
  if (product.failure !== undefined) return { kind: 'failed', ...product.failure };
  const hasFinal = 0 <= final && reached.subarray(final * graph.size, (final + 1) * graph.size).includes(1);
  if (components.length === 0 && !hasFinal) return { kind: 'none' };
  const search = question.search ?? { bound: Infinity, budget: { left: LASSO_BUDGET } };
  const lasso = lassoInto(product, obligations, components, isFinal, search);
  if (lasso === undefined) return { kind: 'notShorter' };
  return { kind: 'found', behavior: behaviorOf(product, lasso, letters.speakOfSteps) };
}

/**
 * Whether there is any fair behavior at all in a graph that may have been cut: one that never leaves it. On the whole
 * graph there always is.
 */
export function hasFairBehavior({ graph, letters, fairness, onTick }: Omit<LivenessQuestion, 'violation'>): boolean {
  const component = { first: 0, last: 0, accepting: true };
  const product = new Product(graph, { ...ANYTHING, components: [component] }, letters, onTick);
  return 0 < fairComponents(product, new Obligations(product, [], fairness), reachedFrom(product), component).length;
}

/** Accepts every word. Not what `automatonOf` makes of `true`, whose state only has to be reached. */
const ANYTHING = {
  states: 1,
  initial: 0,
  marks: 0,
  transitions: [{ from: 0, to: 0, label: [], marks: 0 }],
  universal: -1,
};

function splitRecurring(formula: Ltl): { readonly rest: Ltl; readonly recurring: readonly Ltl[] } {
  const conjuncts = conjunctsOf(formula);
  const isRecurring = (one: Ltl): boolean =>
    isAlways(one) && isEventually(one.right) && isPropositional(one.right.right);
  const recurring = conjuncts.filter(isRecurring).map((one) => (one as { right: { right: Ltl } }).right.right);
  return { rest: conjuncts.filter((one) => !isRecurring(one)).reduce(and, TRUE_FORMULA), recurring };
}

/** 1 for each vertex that a run can get to. */
function reachedFrom(product: Product): Uint8Array {
  const { graph, automaton } = product;
  const reached = new Uint8Array(product.size);
  const todo = new IntList();
  const reach = (vertex: number): void => {
    if (reached[vertex] === 1) return;
    reached[vertex] = 1;
    todo.push(vertex);
  };
  const isWaiting = automaton.transitions.some(
    ({ from, to, label }) => from === automaton.initial && to === from && label.length === 0,
  );
  if (isWaiting && 0 < product.initial().length) {
    // The automaton can wait at its start for anything, so every state is reached there: no need to walk.
    const first = automaton.initial * graph.size;
    for (let vertex = first; vertex < first + graph.size; vertex += 1) {
      reached[vertex] = 1;
      if (!product.onlyStays(vertex)) todo.push(vertex);
    }
  } else {
    product.initial().forEach(reach);
  }
  const targets = new IntList();
  while (0 < todo.length) {
    targets.length = 0;
    product.appendTargets(todo.pop(), 0, reached, 0, targets);
    for (let index = 0; index < targets.length; index += 1) reach(targets.at(index));
  }
  return reached;
}
