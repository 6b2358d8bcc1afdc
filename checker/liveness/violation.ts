import { depthOf } from '../search/depth.ts';
import { IntList } from '../search/int-list.ts';
import { isOutOfMemory, outOfMemory } from '../search/memory.ts';
import type { StateGraph } from '../search/state-graph.ts';
import { automatonOf } from './buchi.ts';
import type { Automaton, AutomatonComponent } from './buchi.ts';
import { Entries } from './entries.ts';
import { fairComponents } from './fair-components.ts';
import { fairStates } from './fair-states.ts';
import type { FairnessTable } from './fairness.ts';
import { projected } from './lasso.ts';
import { shortestBadPrefix } from './bad-prefix.ts';
import { freshBudgets, lassoInto } from './lasso-search.ts';
import type { Lasso } from './lasso.ts';
import type { LassoSearch } from './lasso-search.ts';
import type { Letters } from './letters.ts';
import { and, conjunctsOf, isAlways, isEventually, isPropositional, negate, TRUE_FORMULA } from './ltl.ts';
import type { Ltl } from './ltl.ts';
import { neighborhood, widening } from './neighborhood.ts';
import { Obligations } from './obligations.ts';
import { Product } from './product.ts';
import { shortestLasso } from './shortest-lasso.ts';

/** One question to a state graph: is there a fair behavior that satisfies `violation`? */
interface LivenessQuestion {
  readonly graph: StateGraph;
  /** What the atoms say of its states and steps. */
  readonly letters: Letters;
  /** The negation of what should hold, over the atoms. */
  readonly violation: Ltl;
  readonly fairness: FairnessTable;
  /** How many states are first reached after 0, 1, 2, … steps: what is near is looked at first. Absent: not known. */
  readonly levels?: readonly number[];
  /** What to spend on a short counterexample; absent: the default. */
  readonly search?: LassoSearch;
  /** Called now and then; may throw to give up. */
  readonly onTick?: () => void;
}

/** Vertices of the product are 32-bit integers. */
const MAX_VERTICES = 2 ** 31 - 1;

export type LivenessAnswer =
  | { readonly kind: 'none' }
  /** `isShortest`: there is none with fewer steps. */
  | { readonly kind: 'found'; readonly lasso: Lasso; readonly isShortest: boolean }
  /** None with fewer steps than the bound was found; `isShortest`: there is none. */
  | { readonly kind: 'notShorter'; readonly isShortest: boolean }
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
  const search = question.search ?? { bound: Infinity, ...freshBudgets() };
  const decision = decide(question);
  if (decision.kind === 'failed') return decision;
  // In a part of a graph there may be runs that violate the property already, and none of them may go on fairly.
  if (decision.kind === 'none' && search.bound === Infinity) return decision;
  const best: Shortest = { lasso: undefined, bound: search.bound, isShortest: true };
  if (decision.kind === 'violated') {
    const { task, part } = decision;
    const found = shortLasso(task, part, search);
    if (found !== undefined) improve(best, projected(found.product, found.lasso, question.letters.speakOfSteps));
  }
  try {
    improveByBadPrefix(question, search, best);
    if (decision.kind === 'violated' && !isSettled(question, best)) improveByLasso(question, search, best);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    best.isShortest = false;
  }
  const { lasso } = best;
  const isShortest = best.isShortest || best.bound === 0;
  if (lasso !== undefined) return { kind: 'found', lasso, isShortest };
  return decision.kind === 'none' && isShortest ? decision : { kind: 'notShorter', isShortest };
}

/** The best that was found so far. */
interface Shortest {
  lasso: Lasso | undefined;
  /** Only what has fewer steps is better. */
  bound: number;
  /** Whether all was looked at that could have been better. */
  isShortest: boolean;
}

function improve(best: Shortest, lasso: Lasso): void {
  best.lasso = lasso;
  best.bound = lasso.length;
}

/** A run that violates the property already is preferred to a lasso that is as short. */
function improveByBadPrefix(question: LivenessQuestion, search: LassoSearch, best: Shortest): void {
  const { lasso, isComplete } = shortestBadPrefix({
    ...question,
    ...search,
    property: negate(question.violation),
    bound: best.lasso?.loop === undefined ? best.bound : best.bound + 1,
    budget: search.budgets.near,
  });
  if (lasso !== undefined) improve(best, lasso);
  if (!isComplete) best.isShortest = false;
}

function improveByLasso(question: LivenessQuestion, search: LassoSearch, best: Shortest): void {
  const { rest: formula, recurring } = splitRecurring(question.violation);
  const { lasso, isComplete } = shortestLasso({ ...question, ...search, formula, recurring, bound: best.bound });
  if (lasso !== undefined) improve(best, lasso);
  if (!isComplete) best.isShortest = false;
}

/** Whether no lasso can be shorter: one that comes to where something is wrong by itself is reported up to there. */
function isSettled({ violation, letters }: LivenessQuestion, { lasso, bound }: Shortest): boolean {
  if (bound === 0) return true;
  const wrong = isEventually(violation) ? violation.right : violation;
  return lasso !== undefined && lasso.loop === undefined && isPropositional(wrong) && !letters.speakOfSteps;
}

/**
 * Whether there is a fair behavior that satisfies the negation of a property, and where: all that `findViolation` does
 * but for telling one.
 */
export function decide(question: LivenessQuestion): Decision {
  const { graph, levels = [] } = question;
  const { rest, recurring } = splitRecurring(question.violation);
  const automaton = automatonOf(rest);
  if (automaton.initial < 0) return { kind: 'none' };

  if (MAX_VERTICES < graph.size * automaton.states) throw outOfMemory('more product vertices than 32 bits can number');
  // Fair behaviors go on from everywhere, so once every continuation violates the property none has to be shown.
  const final = recurring.length === 0 ? automaton.universal : -1;
  const task: Task = { ...question, levels, automaton, recurring, final };
  const part = violatingPartOf(task, graph);
  if (part.product.failure !== undefined) return { kind: 'failed', ...part.product.failure };
  return isEmpty(part) ? { kind: 'none' } : { kind: 'violated', task, part };
}

type Decision =
  | Extract<LivenessAnswer, { kind: 'none' | 'failed' }>
  | { readonly kind: 'violated'; readonly task: Task; readonly part: ViolatingPart };

interface Task extends LivenessQuestion {
  readonly levels: readonly number[];
  readonly automaton: Automaton;
  readonly recurring: readonly Ltl[];
  /** The state of the automaton that accepts everything, if reaching it is enough; else -1. */
  readonly final: number;
}

/** Where runs of a product violate the property. */
export interface ViolatingPart {
  readonly product: Product;
  readonly obligations: Obligations;
  readonly components: readonly Int32Array[];
  /** The nearest state in which the automaton can come to its final state; -1: none. */
  readonly firstFinal: number;
}

function isEmpty({ components, firstFinal }: ViolatingPart): boolean {
  return components.length === 0 && firstFinal < 0;
}

/** Decides whether there is a violation in a part of the graph. */
function violatingPartOf(
  { automaton, recurring, final, letters, fairness, onTick }: Task,
  graph: StateGraph,
): ViolatingPart {
  const product = new Product(graph, automaton, letters, onTick);
  const obligations = new Obligations(product, recurring, fairness);
  const entries = new Entries(product);
  const components: Int32Array[] = [];
  let firstFinal = -1;
  for (const component of automaton.components) {
    if (!entries.enter(component)) continue;
    if (component.first === final) firstFinal = entries.of(final).indexOf(1);
    else components.push(...fairPartsOf(product, obligations, entries, component, onTick));
  }
  return { product, obligations, components, firstFinal };
}

/**
 * A short lasso into what violates the property. It is looked for near the initial states first: one that tells of so
 * many steps comes no further than that, so no shorter one is missed by looking no further either.
 */
function shortLasso(task: Task, whole: ViolatingPart, search: LassoSearch): ProductLasso | undefined {
  const { graph, levels, final } = task;
  const inPart = (part: ViolatingPart, bound: number): ProductLasso | undefined => {
    const { product, obligations, components } = part;
    if (isEmpty(part)) return undefined;
    const isFinal = (vertex: number): boolean => product.automatonStateOf(vertex) === final;
    const lasso = lassoInto(product, obligations, components, isFinal, { ...search, bound });
    return lasso && { product, lasso };
  };
  let nearest = whole.firstFinal < 0 ? graph.size : whole.firstFinal;
  for (const vertices of whole.components) {
    for (const vertex of vertices) nearest = Math.min(nearest, whole.product.stateOf(vertex));
  }
  const from = { level: depthOf(levels, nearest), states: search.firstStates ?? FIRST_STATES };
  for (const steps of widening(graph.size, levels, from)) {
    const near = inPart(violatingPartOf(task, neighborhood(graph, levels, steps)), search.bound);
    if (near === undefined) continue;
    const { length } = near.lasso;
    if (length - 1 <= steps) return near;
    // When there is nothing left to spend, what is nearest of all may still have a shorter loop.
    const wider = search.budget.left < 0 ? graph : neighborhood(graph, levels, length - 1);
    return inPart(wider === graph ? whole : violatingPartOf(task, wider), length) ?? near;
  }
  return inPart(whole, search.bound);
}

/** A lasso, and the product that its vertices are numbered in. */
interface ProductLasso {
  readonly product: Product;
  readonly lasso: Lasso;
}

/** Looking at so many states at least costs less than deciding whether to. */
const FIRST_STATES = 2 ** 12;

/**
 * Whether there is any fair behavior at all in a graph that may have been cut: one that never leaves it. On the whole
 * graph there always is.
 */
export function hasFairBehavior({ graph, letters, fairness, onTick }: Omit<LivenessQuestion, 'violation'>): boolean {
  const component = { first: 0, last: 0, accepting: true };
  const product = new Product(graph, { ...ANYTHING, components: [component] }, letters, onTick);
  const obligations = new Obligations(product, [], fairness);
  graph.memory?.take(graph.size);
  return 0 < fairStates(product, obligations, 0, new Uint8Array(graph.size).fill(1), onTick ?? NEVER).components.length;
}

/** Accepts every word. Not what `automatonOf` makes of `true`, whose state only has to be reached. */
const ANYTHING = {
  states: 1,
  initial: 0,
  marks: 0,
  transitions: [{ from: 0, to: 0, label: [], marks: 0 }],
  universal: -1,
};

const NEVER = (): void => undefined;

function splitRecurring(formula: Ltl): { readonly rest: Ltl; readonly recurring: readonly Ltl[] } {
  const conjuncts = conjunctsOf(formula);
  const isRecurring = (one: Ltl): boolean =>
    isAlways(one) && isEventually(one.right) && isPropositional(one.right.right);
  const recurring = conjuncts.filter(isRecurring).map((one) => (one as { right: { right: Ltl } }).right.right);
  return { rest: conjuncts.filter((one) => !isRecurring(one)).reduce(and, TRUE_FORMULA), recurring };
}

/** What `fairComponents` says of a component of the automaton, and where runs go from it to later ones. */
function fairPartsOf(
  product: Product,
  obligations: Obligations,
  entries: Entries,
  component: AutomatonComponent,
  onTick: () => void = () => undefined,
): readonly Int32Array[] {
  const { graph } = product;
  const { first, last, accepting } = component;
  if (first === last && accepting) {
    const { components, reached } = fairStates(product, obligations, first, entries.of(first), onTick);
    if (reached !== undefined) entries.leave(first, reached);
    return components;
  }
  const reached = reachedIn(product, entries, component);
  for (let state = first; state <= last; state += 1) {
    const at = (state - first) * graph.size;
    product.noteFailures(state, (one) => reached[at + one] === 1);
    entries.leave(state, reached.subarray(at, at + graph.size));
  }
  return accepting ? fairComponents(product, obligations, reached, component) : [];
}

/** 1 for each vertex of a component of the automaton that a run can get to. */
function reachedIn(product: Product, entries: Entries, { first, last }: AutomatonComponent): Uint8Array {
  const { graph } = product;
  const { size } = graph;
  const base = first * size;
  if (first === last && first === entries.everywhere) return entries.of(first);
  graph.memory?.take((last - first + 1) * size);
  const reached = new Uint8Array((last - first + 1) * size);
  const todo = new IntList(1024, graph.memory);
  const reach = (place: number): void => {
    if (reached[place] === 1) return;
    reached[place] = 1;
    todo.push(place);
  };
  for (let state = first; state <= last; state += 1) {
    if (!entries.has(state)) continue;
    const flags = entries.of(state);
    reached.set(flags, (state - first) * size);
    for (let one = 0; one < size; one += 1) if (flags[one] === 1) todo.push((state - first) * size + one);
  }
  const targets = new IntList();
  while (0 < todo.length) {
    targets.length = 0;
    product.appendTargets(base + todo.pop(), base, reached, 0, targets);
    for (let index = 0; index < targets.length; index += 1) reach(targets.at(index));
  }
  return reached;
}
