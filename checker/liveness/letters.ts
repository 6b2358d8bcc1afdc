import { FAILED, TRUE } from '../engine/next-state.ts';
import type { Truth } from '../engine/next-state.ts';
import type { PairedGraph } from './makers.ts';

/** What an atom of a formula says of a state and the step that leaves it. */
export type Atom =
  /** A predicate of states: writes its truth in every expanded state. */
  | { readonly kind: 'state'; readonly evaluate: (into: Uint8Array) => void }
  /** The next step is one of these instances: it leads where one of theirs does. */
  | { readonly kind: 'taken'; readonly instances: ReadonlySet<number> };

/**
 * The letters that an automaton reads: which atoms are true in each state, and at each step.
 *
 * There are few different ones however many states there are, so each state and who makes a step have the number of
 * a class, and what an automaton does is worked out once for each pair of classes.
 */
export interface Letters {
  /** The class of each state. */
  readonly ofState: Int32Array | Uint8Array;
  readonly stateClasses: number;
  /** The class of the steps of each of the graph's makers. */
  readonly ofMaker: Int32Array;
  readonly stepClasses: number;
  /** The class of the step of nobody. */
  readonly stutter: number;
  /** Whether there are atoms `taken`. Without them a behavior means the same however it stutters. */
  readonly speakOfSteps: boolean;
  /** Whether an atom is about the step, and not about the state. */
  isOfSteps(atom: number): boolean;
  /** The truth of an atom for a state of one class and a step of another. */
  truth(atom: number, stateClass: number, stepClass: number): Truth;
}

/**
 * Evaluates every atom in every expanded state. Cost: states × state predicates.
 *
 * @param onTick - called after each atom; may throw to end it all.
 */
export function lettersOf(
  { graph, makers }: PairedGraph,
  atoms: readonly Atom[],
  onTick: () => void = () => undefined,
): Letters {
  const { ofState, valuations } = classesOfStates(graph, atoms, onTick);

  const steps = new Classes(atoms.length);
  const stutter = steps.classOfValuation();
  const ofMaker = Int32Array.from({ length: makers.count }, (_, maker) => {
    const instances = makers.instancesOf(maker);
    for (const [index, atom] of atoms.entries()) {
      if (atom.kind === 'taken') steps.valuation[index] = instances.some((one) => atom.instances.has(one)) ? 1 : 0;
    }
    return steps.classOfValuation();
  });

  return {
    ofState,
    stateClasses: valuations.length,
    ofMaker,
    stepClasses: steps.valuations.length,
    stutter,
    speakOfSteps: atoms.some(({ kind }) => kind === 'taken'),
    isOfSteps: (atom) => atoms[atom]!.kind === 'taken',
    truth: (atom, stateClass, stepClass) =>
      (atoms[atom]!.kind === 'taken' ? steps.valuations[stepClass]![atom]! : valuations[stateClass]![atom]!) as Truth,
  };
}

/** Atom by atom, so that each is one loop over the states; few states differ in their valuation. */
function classesOfStates(
  { size, memory }: PairedGraph['graph'],
  atoms: readonly Atom[],
  onTick: () => void,
): { readonly ofState: Int32Array | Uint8Array; readonly valuations: readonly Uint8Array[] } {
  const asked = [...atoms.entries()].flatMap(([index, atom]) => (atom.kind === 'state' ? [{ index, atom }] : []));
  memory?.take(size);
  let ofState: Int32Array | Uint8Array = new Uint8Array(size);
  let valuations: Uint8Array[] = [new Uint8Array(atoms.length)];
  for (const { index, atom } of asked) {
    memory?.take(size);
    const truths = new Uint8Array(size);
    atom.evaluate(truths);
    onTick();
    if (index === asked[0]!.index && truths.includes(0) && truths.includes(1) && !truths.includes(2)) {
      // Of the first atom the truth itself is the class.
      ofState = truths;
      valuations = [0, 1].map((truth) => Uint8Array.from(atoms, (_, other) => (other === index ? truth : 0)));
      continue;
    }
    // Classes so far, each split by what this atom says.
    const classes = new Int32Array(valuations.length * 3).fill(-1);
    const split: Uint8Array[] = [];
    if (ofState instanceof Uint8Array && 2 ** 8 < valuations.length * 3) {
      memory?.take(4 * size);
      ofState = Int32Array.from(ofState);
    }
    for (let state = 0; state < size; state += 1) {
      const key = ofState[state]! * 3 + truths[state]!;
      let number = classes[key]!;
      if (number < 0) {
        const valuation = valuations[ofState[state]!]!.slice();
        valuation[index] = truths[state]!;
        number = split.push(valuation) - 1;
        classes[key] = number;
      }
      ofState[state] = number;
    }
    valuations = split;
  }
  return { ofState, valuations };
}

/** The truth of a conjunction of literals: false as soon as one is, failed when one is that would decide it. */
export function truthOfAll(
  letters: Letters,
  label: readonly { readonly atom: number; readonly negated: boolean }[],
  stateClass: number,
  stepClass: number,
): Truth {
  let result: Truth = TRUE;
  for (const { atom, negated } of label) {
    const truth = letters.truth(atom, stateClass, stepClass);
    if (truth === FAILED) result = FAILED;
    else if ((truth === TRUE) === negated) return 0;
  }
  return result;
}

/** Numbers the different valuations met, in order. */
class Classes {
  readonly valuations: Uint8Array[] = [];
  /** To be filled before asking for its class. */
  readonly valuation: Uint8Array;
  private readonly numbers = new Map<string, number>();
  private last: Uint8Array | undefined;
  private lastNumber = -1;

  constructor(atoms: number) {
    this.valuation = new Uint8Array(atoms);
  }

  classOfValuation(): number {
    // Neighboring states mostly look alike.
    if (this.last !== undefined && isSame(this.last, this.valuation)) return this.lastNumber;
    const key = String.fromCharCode(...this.valuation);
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.valuations.push(this.valuation.slice()) - 1;
      this.numbers.set(key, number);
    }
    this.last = this.valuations[number]!;
    this.lastNumber = number;
    return number;
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
