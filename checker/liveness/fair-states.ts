import { IntList } from '../search/int-list.ts';
import { gainsOf } from './gains.ts';
import type { Obligations } from './obligations.ts';
import type { Product } from './product.ts';
import { ALONE, COMPONENT, OPEN, OUTSIDE, sweep } from './sweep.ts';

/** What came of looking at one state of an automaton. */
interface FairStates {
  /** As of `fairComponents`. */
  readonly components: readonly Int32Array[];
  /** 1 for each state of the graph that a run comes to in it; undefined when nothing leads on from there. */
  readonly reached: Uint8Array | undefined;
}

/**
 * What `fairComponents` says of a component of the automaton that is one state, which those of most formulas are. Then
 * the product is a part of the state graph, and everything can be done in passes over its arrays.
 *
 * @param entries - 1 for the states of the graph in which the automaton comes to this state from elsewhere.
 * @remarks For each round (one, but for strong fairness): a search for components, a pass over the states, and one over
 * the steps. Memory: 4 bytes a state, 1 more where it matters later what was reached, and {@link sweep}.
 */
export function fairStates(
  product: Product,
  obligations: Obligations,
  automatonState: number,
  entries: Uint8Array,
  onTick: () => void,
): FairStates {
  const { graph, letters } = product;
  const { size } = graph;
  const { ofState, ofMaker } = letters;
  const transitions = product.stayingTransitions(automatonState);
  const part = { graph, ofState, ofMaker, stepClasses: letters.stepClasses, ...transitions };
  graph.memory?.take(5 * size);
  const order = new Int32Array(size);
  const tables = gainsOf(product, obligations, automatonState);
  const found: Int32Array[] = [];
  let reached: Uint8Array | undefined;

  let roots: Uint8Array | undefined = entries;
  for (;;) {
    const count = sweep(part, order, roots, onTick);
    if (roots !== undefined) {
      product.noteFailures(automatonState, (state) => order[state] !== OPEN);
      if (product.isLeft(automatonState)) {
        reached = new Uint8Array(size);
        for (let state = 0; state < size; state += 1) if (order[state] !== OPEN) reached[state] = 1;
      }
    }
    roots = undefined;
    const { verdicts, unmet } = judge(count);
    collect(verdicts);
    if (!goOn(verdicts, unmet)) break;
  }
  return { components: found, reached };

  /** What each component has, and which assumptions of strong fairness keep it from being fair. */
  function judge(count: number): { readonly verdicts: Uint8Array; readonly unmet: Int32Array } {
    const { words, needed } = obligations;
    graph.memory?.take((obligations.hasStrong ? 12 : 8) * count * words);
    const have = new Int32Array(count * words);
    const enabled = new Int32Array(obligations.hasStrong ? count * words : 0);
    tables.addStates(order, have, enabled);
    // What is still wanted of the steps inside.
    const open = new Int32Array(count * words);
    let isOpen = false;
    for (let at = 0; at < open.length; at += 1) {
      const wanted = needed[at % words]! | (obligations.hasStrong ? enabled[at]! : 0);
      open[at] = wanted & ~have[at]!;
      if (open[at] !== 0) isOpen = true;
    }
    onTick();
    if (isOpen) tables.takeSteps(order, part, open);
    const verdicts = new Uint8Array(count);
    for (let component = 0; component < count; component += 1) {
      let [lacksNeeded, lacksStrong] = [false, false];
      for (let word = 0; word < words; word += 1) {
        const missing = open[component * words + word]!;
        if ((missing & needed[word]!) !== 0) lacksNeeded = true;
        else if (missing !== 0) lacksStrong = true;
      }
      verdicts[component] = lacksNeeded ? GIVEN_UP : lacksStrong ? SPLIT : FAIR;
    }
    return { verdicts, unmet: open };
  }

  /** Adds the fair components to what was found, and the states that can stutter fairly. */
  function collect(verdicts: Uint8Array): void {
    const base = automatonState * size;
    const fair = new IntList(); // in the order of their first states
    const places = new Int32Array(verdicts.length); // how many states each has, and then where its next one goes
    let total = 0;
    for (let state = 0; state < size; state += 1) {
      if ((state & TICK_MASK) === 0) onTick();
      const place = order[state]!;
      if (place === ALONE) {
        if (tables.isFairAlone(state)) found.push(Int32Array.of(base + state));
        order[state] = OUTSIDE;
        continue;
      }
      const component = place - COMPONENT;
      if (component < 0 || verdicts[component] !== FAIR) continue;
      if (places[component] === 0) fair.push(component);
      places[component]! += 1;
      total += 1;
    }
    if (total === 0) return;
    graph.memory?.take(4 * total);
    const members = new Int32Array(total);
    let from = 0;
    for (let index = 0; index < fair.length; index += 1) {
      const component = fair.at(index);
      const to = from + places[component]!;
      places[component] = from;
      found.push(members.subarray(from, to));
      from = to;
    }
    for (let state = 0; state < size; state += 1) {
      const component = order[state]! - COMPONENT;
      if (component < 0 || verdicts[component] !== FAIR) continue;
      members[places[component]!] = base + state;
      places[component]! += 1;
    }
  }

  /** Leaves for the next round what is left of components to be split; whether there is something. */
  function goOn(verdicts: Uint8Array, unmet: Int32Array): boolean {
    let isLeft = false;
    const { words } = obligations;
    const isSplit = verdicts.includes(SPLIT);
    if (!isSplit) return false;
    const enabled = new Int32Array(words);
    for (let state = 0; state < size; state += 1) {
      const component = order[state]! - COMPONENT;
      if (component < 0 || verdicts[component] !== SPLIT) {
        order[state] = OUTSIDE;
        continue;
      }
      enabled.fill(0);
      obligations.addEnabled(state, enabled);
      let hits = 0;
      for (let word = 0; word < words; word += 1) hits |= enabled[word]! & unmet[component * words + word]!;
      order[state] = hits === 0 ? OPEN : OUTSIDE;
      if (hits === 0) isLeft = true;
    }
    return isLeft;
  }
}

const TICK_MASK = 2 ** 16 - 1;

const GIVEN_UP = 0;
const SPLIT = 1;
const FAIR = 2;
