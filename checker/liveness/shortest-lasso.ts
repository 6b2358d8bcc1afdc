import type { IntList } from '../search/int-list.ts';
import type { StateGraph } from '../search/state-graph.ts';
import { projected } from './lasso.ts';
import type { Lasso } from './lasso.ts';
import { withFewestSwitches } from './context-switches.ts';
import type { Actors } from './walks.ts';
import type { FairnessTable } from './fairness.ts';
import type { Letters } from './letters.ts';
import type { Budget } from './loop.ts';
import type { Ltl } from './ltl.ts';
import { hasAll, Obligations } from './obligations.ts';
import { STUTTER } from '../search/path.ts';
import { RoundTrips, TooManyObligations } from './round-trip.ts';
import type { Edge } from './edge.ts';
import { strongComponents } from './scc.ts';
import { Tableau } from './tableau.ts';
import { TableauGraph } from './tableau-graph.ts';

/** What a shortest lasso is looked for in. */
interface ShortestQuestion {
  readonly graph: StateGraph;
  readonly letters: Letters;
  /** What the lasso has to satisfy, but for the conjuncts `□◇p` of `recurring`, given by their `p`. */
  readonly formula: Ltl;
  readonly recurring: readonly Ltl[];
  readonly fairness: FairnessTable;
  /** Only lassos with fewer steps are wanted. */
  readonly bound: number;
  readonly budgets: ShortestBudgets;
  readonly actors?: Actors;
  readonly onTick?: () => void;
}

/** How many edges may be looked at, so as to know what is near, and to find loops there. */
export interface ShortestBudgets {
  readonly near: Budget;
  readonly loops: Budget;
}

interface ShortestAnswer {
  /** Absent: none with fewer steps was found. */
  readonly lasso?: Lasso;
  /** Whether all was looked at that could have fewer steps. */
  readonly isComplete: boolean;
}

/**
 * A fair lasso with the fewest steps in stem and loop, of all that satisfy a formula. Stuttering forever at the end is
 * no step.
 *
 * The tableau of the formula is *tight*: its run goes round exactly when the behavior does. So a shortest lasso of the
 * state graph together with the tableau is a shortest one of the state graph. Stems are found breadth first; from each
 * vertex, nearest first, loops are looked for over what has not been a start before, since a loop through that was no
 * better there.
 *
 * @remarks To find a loop that does several things is to find a shortest tour, so the time is exponential in the number
 * of obligations at worst: hence the budget. When it is used up the best lasso so far is the answer, if there is one.
 */
export function shortestLasso(question: ShortestQuestion): ShortestAnswer {
  const { graph, letters, formula, recurring, fairness, budgets, actors, onTick = () => undefined } = question;
  const tableau = Tableau.of(formula, letters);
  if (tableau === undefined) return { isComplete: false };
  const near = new TableauGraph(graph, letters, tableau);
  const obligations = new Obligations({ graph, letters, marks: tableau.marks }, recurring, fairness);
  const isStill = (vertex: number): boolean => {
    const state = near.stateOf(vertex);
    return near.valuesOf(vertex) === tableau.still(letters.ofState[state]!) && staysFairly(obligations, state);
  };

  let { bound } = question;
  let best: Found | undefined;
  let looked = 0; // levels that have their edges, or more than there are
  for (let level = 0; level < bound; level += 1) {
    const still = verticesOf(near, level).find(isStill);
    if (still !== undefined) [best, bound] = [{ entry: still, loop: [], region: undefined }, level];
    if (bound <= level + 1) break;
    if (!near.grow(budgets.near, onTick)) break;
    looked = near.isWhole ? Infinity : level + 1;
    if (near.isWhole) break;
  }

  let areLooked = true; // all loops that could be better
  try {
    const regionOf = regionsOf(near, obligations);
    for (let level = 0; level < near.levels && level + LEAST_LOOP < bound && areLooked; level += 1) {
      for (const vertex of verticesOf(near, level)) {
        if ((vertex & TICK_MASK) === 0) onTick();
        const region = regionOf(vertex);
        const loop = region?.from(vertex, bound - level, budgets.loops);
        if (budgets.loops.left < 0) areLooked = false;
        if (!areLooked) break;
        if (loop === undefined) continue;
        best = { entry: vertex, loop, region };
        bound = level + loop.length;
      }
    }
  } catch (error) {
    if (!(error instanceof TooManyObligations)) throw error;
    areLooked = false;
  }
  // Every vertex of a lasso with fewer steps has its edges when those up to this level have.
  const isComplete = areLooked && bound - 1 <= looked;
  return best === undefined ? { isComplete } : { lasso: lassoOf(near, best, actors), isComplete };
}

/** A loop changes something and changes it back: stuttering forever is no step. */
const LEAST_LOOP = 2;

const TICK_MASK = 2 ** 8 - 1;

interface Found {
  readonly entry: number;
  readonly loop: readonly Edge[];
  /** What the loop was found in; undefined: it stutters. */
  readonly region: RoundTrips | undefined;
}

function lassoOf(near: TableauGraph, { entry, loop, region }: Found, actors: Actors | undefined): Lasso {
  const found = { stem: near.runTo(entry), loop };
  const rearranged =
    actors === undefined
      ? found
      : withFewestSwitches(near, actors, {
          ...found,
          entry,
          starts: verticesOf(near, 0),
          distanceOf: (vertex) => near.levelOf(vertex),
          region: region?.rearranged,
        });
  return projected(near, { start: rearranged.stem[0]?.from ?? entry, ...rearranged }, true);
}

function verticesOf(near: TableauGraph, level: number): readonly number[] {
  const first = near.firstOf(level);
  return Array.from({ length: near.firstOf(level + 1) - first }, (_, index) => first + index);
}

/** Whether to stutter in a state forever is fair, and does what has to recur. */
function staysFairly(obligations: Obligations, state: number): boolean {
  const have = new Int32Array(obligations.words);
  const enabled = new Int32Array(obligations.words);
  obligations.addState(state, have);
  obligations.addEdge(state, STUTTER, obligations.needed[0]!, have);
  obligations.addEnabled(state, enabled);
  return hasAll(have, obligations.needed) && enabled.every((bits) => bits === 0);
}

/** The part in which each vertex can be on a loop; each is prepared when it is asked for. */
function regionsOf(near: TableauGraph, obligations: Obligations): (vertex: number) => RoundTrips | undefined {
  const parts: Int32Array[] = [];
  const partOf = new Int32Array(near.size).fill(-1);
  const successors = (vertex: number, into: IntList): void => {
    const end = near.expanded <= vertex ? 0 : near.firstEdgeOf(vertex + 1);
    for (let edge = end === 0 ? 0 : near.firstEdgeOf(vertex); edge < end; edge += 1) into.push(near.targetOf(edge));
  };
  strongComponents({ size: near.size, successors }, partOf.keys(), new Int32Array(near.size), (members, from) => {
    if (from + 1 === members.length) return; // it can only stutter
    const part = members.data.slice(from, members.length).sort();
    for (const vertex of part) partOf[vertex] = parts.length;
    parts.push(part);
  });
  const prepared: { readonly region: RoundTrips | undefined }[] = [];
  return (vertex) => {
    const part = partOf[vertex]!;
    if (part < 0) return undefined;
    return (prepared[part] ??= { region: RoundTrips.in(near, obligations, parts[part]!) }).region;
  };
}
