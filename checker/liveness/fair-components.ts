import { IntList } from '../search/int-list.ts';
import type { MemoryBudget } from '../search/memory.ts';
import type { AutomatonComponent } from './buchi.ts';
import { hasAll } from './obligations.ts';
import type { Obligations } from './obligations.ts';
import type { Product } from './product.ts';
import { strongComponents } from './scc.ts';

/**
 * The parts of the product in which a run can stay forever and violate the property fairly: strongly connected, with
 * every mark, every recurring conjunct and every weak assumption satisfied somewhere inside, and every strong
 * assumption that is enabled inside also taken inside. Given as vertices; no two of them overlap.
 *
 * A component that takes nothing of a strong assumption which it enables is not given up: what remains when the states
 * that enable it are removed is split again. For weak assumptions and marks no such refinement is needed: what a
 * component lacks, all of its parts lack.
 *
 * @param reached - 1 for the vertices to look at, of those that run in a state of `within`.
 * @param within - a component of the automaton: the vertices that run in one of its states.
 * @remarks Each round removes a vertex, so at most vertices × edges; rounds are as many as strong assumptions nest.
 * Memory: 8 bytes for each state and automaton state of `within`, and {@link strongComponents}.
 * @see Emerson, Lei, "Modalities for model checking", Science of Computer Programming 8(3), 1987, for the refinement.
 */
export function fairComponents(
  product: Product,
  obligations: Obligations,
  reached: Uint8Array,
  within: AutomatonComponent,
): readonly Int32Array[] {
  const base = within.first * product.graph.size;
  const size = (within.last - within.first + 1) * product.graph.size;
  const { memory } = product.graph;
  memory?.take(8 * size);
  const regionOf = new Int32Array(size); // 0: in none
  const order = new Int32Array(size);
  const found: Int32Array[] = [];
  const todo: { readonly region: number; readonly vertices: Int32Array }[] = [];
  let regions = 1;

  for (let vertex = 0; vertex < size; vertex += 1) regionOf[vertex] = reached[vertex]!;
  todo.push({ region: 1, vertices: membersOf(regionOf, memory) });

  const have = new Int32Array(obligations.words);
  const enabled = new Int32Array(obligations.words);

  let hasEdge = false;
  const addEdge = (state: number, step: number, transition: number): void => {
    hasEdge = true;
    obligations.addEdge(state, step, product.marksOf[transition]!, have);
  };
  /** Gathers what the vertices and inner edges of a region give; false when it has no inner edge. */
  const gather = (members: IntList, from: number, region: number): boolean => {
    hasEdge = false;
    have.fill(0);
    enabled.fill(0);
    for (let index = from; index < members.length; index += 1) {
      const vertex = members.at(index);
      const state = product.stateOf(vertex);
      product.visitEdges(base + vertex, base, regionOf, region, addEdge);
      obligations.addState(state, have);
      obligations.addEnabled(state, enabled);
    }
    return hasEdge;
  };

  const judge = (members: IntList, from: number): void => {
    // A lone vertex can only stutter, which takes nothing: most are settled by what is enabled there.
    if (from + 1 === members.length && obligations.hasWeakEnabled(product.stateOf(members.at(from)))) return;
    regions += 1;
    const region = regions;
    for (let index = from; index < members.length; index += 1) regionOf[members.at(index)] = region;
    if (!gather(members, from, region) || !hasAll(have, obligations.needed)) return;
    const unmet = enabled.map((bits, word) => bits & ~have[word]!);
    const vertices = members.data.slice(from, members.length);
    if (unmet.every((bits) => bits === 0)) {
      found.push(vertices.map((vertex) => vertex + base));
      return;
    }
    const rest = vertices.filter((vertex) => !enables(obligations, product.stateOf(vertex), unmet));
    regions += 1;
    for (const vertex of rest) regionOf[vertex] = regions;
    if (0 < rest.length) todo.push({ region: regions, vertices: rest });
  };

  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { region, vertices } = next;
    for (const vertex of vertices) order[vertex] = 0; // not before: the search that found them was still under way
    const successors = (vertex: number, into: IntList): void =>
      product.appendTargets(base + vertex, base, regionOf, region, into);
    strongComponents({ size, successors }, vertices, order, judge);
  }
  return found;
}

function membersOf(regionOf: Int32Array, memory: MemoryBudget | undefined): Int32Array {
  const members = new IntList(1024, memory);
  for (let vertex = 0; vertex < regionOf.length; vertex += 1) if (regionOf[vertex] === 1) members.push(vertex);
  return members.toArray();
}

function enables(obligations: Obligations, state: number, wanted: Int32Array): boolean {
  const enabled = new Int32Array(wanted.length);
  obligations.addEnabled(state, enabled);
  return enabled.some((bits, word) => (bits & wanted[word]!) !== 0);
}
