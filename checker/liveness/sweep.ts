/**
 * Strongly connected components of a part of a state graph, for graphs of many millions of steps: one function over
 * typed arrays, without calls.
 */
import { IntList } from '../search/int-list.ts';
import type { StateGraph } from '../search/state-graph.ts';

/** What of a graph to look at. */
export interface Part {
  readonly graph: StateGraph;
  /** The class of each state. */
  readonly ofState: Int32Array | Uint8Array;
  /** The class of the steps of each of the graph's makers. */
  readonly ofMaker: Int32Array;
  readonly stepClasses: number;
  /** By class of the state times {@link stepClasses} plus class of the step: 1 when such steps are in the part. */
  readonly stays: Uint8Array;
  /** By class of the state: 1 when all of its steps are in the part, 0 when none is; undefined: it depends. */
  readonly staysAnyway: Uint8Array | undefined;
}

/** A state to visit. */
export const OPEN = 0;
/** A state that is in no part. */
export const OUTSIDE = 2 ** 30;
/** A component of one state; it may still stutter. */
export const ALONE = 2 ** 30 + 1;
/** Component `i` of several states. */
export const COMPONENT = 2 ** 30 + 2;

/**
 * Splits what can be reached from some states into strongly connected components.
 *
 * @param order - for each state {@link OPEN} or {@link OUTSIDE}. Becomes {@link ALONE} or {@link COMPONENT} plus the
 * number of its component for the states that were reached.
 * @param roots - 1 for the states to begin in; all when undefined.
 * @returns how many components of several states there are.
 * @remarks O(states + steps). Memory: 12 bytes for each state on the depth-first path, 4 for each whose component is not
 * complete.
 * @see Pearce, "A space-efficient algorithm for finding strongly connected components", IPL 116(1), 2016.
 */
export function sweep(part: Part, order: Int32Array, roots: Uint8Array | undefined, onTick: () => void): number {
  const { graph, ofState, ofMaker, stepClasses, stays, staysAnyway } = part;
  const { size, offsets, targets, instances } = graph;
  const pending = new IntList(1024, graph.memory); // visited, component not yet complete
  let path = new Int32Array(FIRST_DEPTH * 3); // state, next step and own number of each frame but the last
  let top = 0;
  let visited = 0;
  let components = 0;

  for (let root = 0; root < size; root += 1) {
    if (order[root] !== OPEN || (roots !== undefined && roots[root] === 0)) continue;
    let state = root;
    let own = ++visited;
    let low = own; // the least number that is reached; in `order` when the frame is not the last
    order[state] = own;
    let step = offsets[state]!;
    let end = staysAnyway === undefined || staysAnyway[ofState[state]!] === 1 ? offsets[state + 1]! : step;
    for (;;) {
      if (step < end) {
        const target = targets[step]!;
        if (staysAnyway === undefined) {
          const stepClass = ofMaker[instances[step]!]!;
          if (stays[ofState[state]! * stepClasses + stepClass] === 0) {
            step += 1;
            continue;
          }
        }
        step += 1;
        if (target >>> 0 >= size) continue;
        const seen = order[target]!;
        if (seen !== OPEN) {
          if (seen < low) low = seen;
          continue;
        }
        if (path.length < top + 3) {
          graph.memory?.take(8 * path.length);
          const longer = new Int32Array(path.length * 2);
          longer.set(path);
          path = longer;
        }
        path[top] = state;
        path[top + 1] = step;
        path[top + 2] = own;
        top += 3;
        order[state] = low;
        state = target;
        own = ++visited;
        if ((visited & TICK_MASK) === 0) onTick();
        low = own;
        order[state] = own;
        step = offsets[state]!;
        end = staysAnyway === undefined || staysAnyway[ofState[state]!] === 1 ? offsets[state + 1]! : step;
        continue;
      }
      if (low === own) {
        const { data } = pending;
        if (0 < pending.length && own <= order[data[pending.length - 1]!]!) {
          const code = COMPONENT + components;
          components += 1;
          let length = pending.length;
          do {
            length -= 1;
            order[data[length]!] = code;
          } while (0 < length && own <= order[data[length - 1]!]!);
          pending.length = length;
          order[state] = code;
        } else order[state] = ALONE;
        low = ALONE;
      } else {
        order[state] = low;
        pending.push(state);
      }
      if (top === 0) break;
      top -= 3;
      state = path[top]!;
      step = path[top + 1]!;
      own = path[top + 2]!;
      const known = order[state]!;
      if (known < low) low = known;
      end = offsets[state + 1]!;
    }
  }
  return components;
}

const FIRST_DEPTH = 2 ** 12;
const TICK_MASK = 2 ** 16 - 1;
