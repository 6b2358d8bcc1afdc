import { fairComponent, greedyLoop, shortestLoop } from './loop.ts';
import type { Budget, FairComponent } from './loop.ts';
import type { Obligations } from './obligations.ts';
import type { Product } from './product.ts';
import { Runs } from './runs.ts';
import type { Hop } from './runs.ts';

/** A run of the product: a stem, then a loop forever. No loop: whatever follows the stem violates the property. */
export interface Lasso {
  readonly start: number;
  readonly stem: readonly Hop[];
  readonly loop: readonly Hop[] | undefined;
}

/** Pairs of a vertex and a set of obligations looked at for one lasso: a fraction of a second. */
const BUDGET = 300_000;

/**
 * A run into one of the fair components and around in it, meeting every obligation, or into a vertex of `final`.
 *
 * The stem is a shortest one to where it ends. As long as the budget lasts, no run of the product has fewer steps in
 * stem and loop together: every vertex that is near enough to be the start of a better loop is tried, nearest first.
 * Beyond that, the stem leads to the nearest fair component and the loop in it is the greedy one, or better.
 *
 * @param components - as `fairComponents` gives them.
 * @returns undefined when there is neither a component nor a final vertex to be reached.
 */
export function lassoInto(
  product: Product,
  obligations: Obligations,
  components: readonly Int32Array[],
  isFinal: (vertex: number) => boolean,
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

  const budget: Budget = { left: BUDGET };
  let best: { readonly entry: number; readonly loop: readonly Hop[] | undefined; readonly cost: number } | undefined;
  const consider = (entry: number, distance: number, loop: readonly Hop[]): void => {
    const cost = loop.reduce((sum, hop) => sum + loops.costOf(hop), distance);
    if (best === undefined || cost < best.cost) best = { entry, loop, cost };
  };
  stems.walk(product.initial(), {
    onVertex: (vertex, distance) => {
      if (best !== undefined && (best.cost <= distance || budget.left < 0)) return 'stop';
      if (isFinal(vertex)) {
        best = { entry: vertex, loop: undefined, cost: distance };
        return 'stop';
      }
      const component = componentOf[vertex]!;
      if (component === 0) return 'follow';
      const fair = prepare(component);
      if (best === undefined) consider(vertex, distance, greedyLoop(loops, obligations, fair, vertex));
      const shorter = shortestLoop(loops, obligations, fair, vertex, best!.cost - distance, budget);
      if (shorter !== undefined) consider(vertex, distance, shorter);
      return 'follow';
    },
  });
  if (best === undefined) return undefined;
  const stem = stems.runTo(best.entry);
  return { start: stem[0]?.from ?? best.entry, stem, loop: best.loop };
}
