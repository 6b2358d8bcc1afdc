import { fairComponent, greedyLoop, MAX_BITS, shortestLoop } from './loop.ts';
import type { Budget, FairComponent } from './loop.ts';
import type { Obligations } from './obligations.ts';
import type { Product } from './product.ts';
import { withFewestSwitches } from './context-switches.ts';
import type { Actors } from './walks.ts';
import type { SwitchRegion } from './context-switches.ts';
import { Runs } from './runs.ts';
import type { ShortestBudgets } from './shortest-lasso.ts';
import type { Edge } from './edge.ts';
import type { Lasso } from './lasso.ts';

/** What to spend on a short lasso, and what would not be one. */
export interface LassoSearch {
  /** Only lassos with fewer steps are wanted; `Infinity`: any. */
  readonly bound: number;
  /** Of pairs of a vertex and a set of obligations. */
  readonly budget: Budget;
  /** Of vertices looked at for greedy loops, beside those from the nearest place. */
  readonly greedy: Budget;
  /** Of edges looked at for what is shortest of all. */
  readonly budgets: ShortestBudgets;
  /** Who moves with each step: among runs that are as short, one is reported in which that changes least. */
  readonly actors?: Actors;
  /** How many states near the initial ones to look at first. Absent: the default. */
  readonly firstStates?: number;
}

/** What is spent on all claims of a property: a fraction of a second. */
export function freshBudgets(): Pick<LassoSearch, 'budget' | 'greedy' | 'budgets'> {
  return {
    budget: { left: 50_000 },
    greedy: { left: 50_000 },
    budgets: { near: { left: 2_000_000 }, loops: { left: 4_000_000 } },
  };
}

/**
 * A run into one of the fair components and around in it, meeting every obligation, or into a vertex of `final`.
 *
 * The stem is a shortest one to where it ends. As long as the budget lasts, no run of the product has fewer steps in
 * stem and loop together: every vertex that is near enough to be the start of a better loop is tried, nearest first.
 * Among as short ones to the same start of the loop, the one with the fewest changes of who moves is taken, where these
 * are not too many to look at. Beyond that, the stem leads to the nearest fair component and the loop in it is the greedy one, or better.
 *
 * @param components - as `fairComponents` gives them.
 * @returns undefined when there is no lasso with fewer steps than `bound`, as far as the budget lasts.
 */
export function lassoInto(
  product: Product,
  obligations: Obligations,
  components: readonly Int32Array[],
  isFinal: (vertex: number) => boolean,
  { bound, budget, greedy, actors }: LassoSearch,
): Lasso | undefined {
  const componentOf = new Int32Array(product.size); // 0: in none
  components.forEach((vertices, index) => vertices.forEach((vertex) => (componentOf[vertex] = index + 1)));
  const stems = new Runs(product);
  const loops = new Runs(product);
  const prepared = new Map<number, FairComponent>();
  const prepare = (component: number): FairComponent => {
    const known = prepared.get(component);
    if (known !== undefined) return known;
    const contains = (vertex: number): boolean => componentOf[vertex] === component;
    const made = fairComponent(loops, obligations, components[component - 1]!, contains);
    prepared.set(component, made);
    return made;
  };

  let best: { readonly entry: number; readonly loop: readonly Edge[] | undefined } | undefined;
  let bestCost = bound;
  let isBegun = false; // the nearest place has its greedy loop, or better
  const tried = new Uint8Array(product.size);
  const consider = (entry: number, distance: number, loop: readonly Edge[] | undefined): void => {
    if (loop === undefined && !isFinal(entry)) return;
    const cost = (loop ?? []).reduce((sum, edge) => sum + loops.costOf(edge), distance);
    if (bestCost <= cost) return;
    best = { entry, loop };
    bestCost = cost;
  };
  stems.walk(product.initial(), {
    onVertex: (vertex, distance) => {
      if (bestCost <= distance || (budget.left < 0 && greedy.left < 0 && isBegun)) return 'stop';
      if (isFinal(vertex)) {
        consider(vertex, distance, undefined);
        return 'stop';
      }
      const component = componentOf[vertex]!;
      if (component === 0) return 'follow';
      const fair = prepare(component);
      // From the nearest place there has to be something to tell, whatever it takes.
      const means = isBegun ? greedy : { left: Infinity };
      if (0 <= means.left) {
        consider(
          vertex,
          distance,
          greedyLoop(loops, obligations, fair, vertex, { cost: bestCost - distance, budget: means }),
        );
      }
      isBegun = true;
      // A loop through a vertex that was tried before is no better when it is entered here.
      const isNew = (other: number): boolean => componentOf[other] === component && tried[other] === 0;
      if (MAX_BITS < fair.met.bits) {
        if (greedy.left < 0) budget.left -= 1; // nothing is left to be done here but to walk on
      } else if (0 <= budget.left) {
        consider(vertex, distance, shortestLoop(loops, fair, vertex, isNew, { cost: bestCost - distance, budget }));
      }
      tried[vertex] = 1;
      return 'follow';
    },
  });
  if (best === undefined) return undefined;
  const { entry, loop } = best;
  const stem = stems.runTo(entry);
  if (actors === undefined) return { start: stem[0]?.from ?? entry, stem, loop, length: bestCost };
  const component = componentOf[entry]!;
  const told = withFewestSwitches(stems, actors, {
    stem,
    loop,
    entry,
    starts: product.initial(),
    distanceOf: (vertex) => stems.distanceOf(vertex),
    region: component === 0 ? undefined : regionOf(component),
  });
  return { start: told.stem[0]?.from ?? entry, ...told, length: bestCost };

  function regionOf(component: number): SwitchRegion | undefined {
    const { met } = prepare(component);
    if (MAX_BITS < met.bits) return undefined;
    return {
      contains: (vertex) => componentOf[vertex] === component,
      bitsAt: (vertex) => met.inState(product.stateOf(vertex)),
      bitsAfter: (bits, { from, to, step, transition }) =>
        bits | met.onEdge(product.stateOf(from), step, product.marksOf[transition]!) | met.inState(product.stateOf(to)),
      areEnough: (bits) => met.areEnough(bits),
    };
  }
}
