import { isMove } from './hop.ts';
import type { Hop } from './hop.ts';

/** A run of the state graph. */
export interface Behavior {
  /** Its states; `steps.length + 1` of them. */
  readonly states: readonly number[];
  /** Steps of the graph, or `STUTTER_STEP`. */
  readonly steps: readonly number[];
  /**
   * The index of the state to which the last one returns; `steps.length`: stuttering there forever. Absent: whatever
   * follows, the violation has happened.
   */
  readonly loop?: number;
}

/** Says in which state of the graph a vertex runs. */
interface Places {
  stateOf(vertex: number): number;
}

/**
 * What a lasso of the product does in the state graph, told as briefly as the same behavior can be told.
 *
 * @param keepsStutter - whether an atom speaks of steps. Where none does, a behavior means the same with its stuttering
 * left out, so it is, unless stuttering is all that the loop does.
 */
export function behaviorOf(places: Places, lasso: Omit<Lasso, 'length'>, keepsStutter: boolean): Behavior {
  const { start, stem, loop } = lasso;
  const kept = (hops: readonly Hop[]): readonly Hop[] => (keepsStutter ? hops : hops.filter(isMove));
  const shownStem = kept(stem);
  const shownLoop = loop?.some(isMove) === true ? kept(loop) : [];
  const told = rotated(places, shownStem, root(places, shownLoop));
  const hops = [...told.stem, ...told.loop];
  const behavior = {
    states: [places.stateOf(start), ...hops.map(({ to }) => places.stateOf(to))],
    steps: hops.map(({ step }) => step),
  };
  return loop === undefined ? behavior : { ...behavior, loop: told.stem.length };
}

/** The shortest loop that goes the same way: going round once instead of twice. */
function root(places: Places, loop: readonly Hop[]): readonly Hop[] {
  for (let length = 1; length < loop.length; length += 1) {
    if (loop.length % length !== 0) continue;
    if (loop.every((hop, index) => isSameStep(places, hop, loop[index % length]!))) return loop.slice(0, length);
  }
  return loop;
}

/** Starts the loop as early as possible: while the stem ends as the loop does, that step belongs to the loop. */
function rotated(
  places: Places,
  stem: readonly Hop[],
  loop: readonly Hop[],
): { readonly stem: readonly Hop[]; readonly loop: readonly Hop[] } {
  let [shorter, around] = [[...stem], [...loop]];
  while (0 < around.length && 0 < shorter.length && isSameStep(places, shorter.at(-1)!, around.at(-1)!)) {
    around = [around.pop()!, ...around];
    shorter = shorter.slice(0, -1);
  }
  return { stem: shorter, loop: around };
}

function isSameStep(places: Places, left: Hop, right: Hop): boolean {
  return left.step === right.step && places.stateOf(left.from) === places.stateOf(right.from);
}

/** A run of the product: a stem, then a loop forever. No loop: whatever follows the stem violates the property. */
export interface Lasso {
  readonly start: number;
  readonly stem: readonly Hop[];
  readonly loop: readonly Hop[] | undefined;
  /** How many steps stem and loop have together, as `Runs.costOf` counts. */
  readonly length: number;
}
