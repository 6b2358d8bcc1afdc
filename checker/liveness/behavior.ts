import type { Lasso } from './lasso.ts';
import { isMove } from './runs.ts';
import type { Hop } from './runs.ts';
import type { Product } from './product.ts';

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

/**
 * What a lasso of the product does in the state graph, told as briefly as the same behavior can be told.
 *
 * @param keepsStutter - whether an atom speaks of steps. Where none does, a behavior means the same with its stuttering
 * left out, so it is, unless stuttering is all that the loop does.
 */
export function behaviorOf(product: Product, { start, stem, loop }: Lasso, keepsStutter: boolean): Behavior {
  const kept = (hops: readonly Hop[]): readonly Hop[] => (keepsStutter ? hops : hops.filter(isMove));
  const shownStem = kept(stem);
  const shownLoop = loop?.some(isMove) === true ? kept(loop) : [];
  const told = rotated(product, shownStem, root(product, shownLoop));
  const hops = [...told.stem, ...told.loop];
  const behavior = {
    states: [product.stateOf(start), ...hops.map(({ to }) => product.stateOf(to))],
    steps: hops.map(({ step }) => step),
  };
  return loop === undefined ? behavior : { ...behavior, loop: told.stem.length };
}

/** The shortest loop that goes the same way: going round once instead of twice. */
function root(product: Product, loop: readonly Hop[]): readonly Hop[] {
  for (let length = 1; length < loop.length; length += 1) {
    if (loop.length % length !== 0) continue;
    if (loop.every((hop, index) => isSameStep(product, hop, loop[index % length]!))) return loop.slice(0, length);
  }
  return loop;
}

/** Starts the loop as early as possible: while the stem ends as the loop does, that step belongs to the loop. */
function rotated(
  product: Product,
  stem: readonly Hop[],
  loop: readonly Hop[],
): { readonly stem: readonly Hop[]; readonly loop: readonly Hop[] } {
  let [shorter, around] = [[...stem], [...loop]];
  while (0 < around.length && 0 < shorter.length && isSameStep(product, shorter.at(-1)!, around.at(-1)!)) {
    around = [around.pop()!, ...around];
    shorter = shorter.slice(0, -1);
  }
  return { stem: shorter, loop: around };
}

function isSameStep(product: Product, left: Hop, right: Hop): boolean {
  return left.step === right.step && product.stateOf(left.from) === product.stateOf(right.from);
}
