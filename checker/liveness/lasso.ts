import { takesStep } from './edge.ts';
import type { Edge } from './edge.ts';

/**
 * A run of a graph: a stem, then a loop forever. As it was found it is one of the product; what is reported is its
 * projection to the state graph. With words for its states it is a `Path`, with values and reasons a `Trace`.
 */
export interface Lasso {
  readonly start: number;
  readonly stem: readonly Edge[];
  /** Empty: stuttering where the stem ends, forever. Absent: whatever follows the stem, the violation has happened. */
  readonly loop: readonly Edge[] | undefined;
  /** How many steps stem and loop have together, as `costOf` counts. */
  readonly length: number;
}

/** Says in which state of the state graph a vertex runs. */
interface Places {
  stateOf(vertex: number): number;
}

/**
 * What a lasso of the product does in the state graph, in as few steps as the same behavior has.
 *
 * @param keepsStutter - whether an atom speaks of steps. Where none does, a behavior means the same with its stuttering
 * left out, so it is, unless stuttering is all that the loop does.
 */
export function projected(places: Places, lasso: Omit<Lasso, 'length'>, keepsStutter: boolean): Lasso {
  const kept = (edges: readonly Edge[]): readonly Edge[] => {
    const shown = keepsStutter ? edges : edges.filter(takesStep);
    return shown.map((edge) => ({ ...edge, from: places.stateOf(edge.from), to: places.stateOf(edge.to) }));
  };
  const loop = lasso.loop?.some(takesStep) === true ? kept(lasso.loop) : [];
  const early = rotated(kept(lasso.stem), root(loop));
  return {
    start: places.stateOf(lasso.start),
    stem: early.stem,
    loop: lasso.loop && early.loop,
    length: early.stem.length + early.loop.length,
  };
}

/** The shortest loop that goes the same way: going round once instead of twice. */
function root(loop: readonly Edge[]): readonly Edge[] {
  for (let length = 1; length < loop.length; length += 1) {
    if (loop.length % length !== 0) continue;
    if (loop.every((edge, index) => isSameStep(edge, loop[index % length]!))) return loop.slice(0, length);
  }
  return loop;
}

/** Starts the loop as early as possible: while the stem ends as the loop does, that step belongs to the loop. */
function rotated(
  stem: readonly Edge[],
  loop: readonly Edge[],
): { readonly stem: readonly Edge[]; readonly loop: readonly Edge[] } {
  let [shorter, around] = [[...stem], [...loop]];
  while (0 < around.length && 0 < shorter.length && isSameStep(shorter.at(-1)!, around.at(-1)!)) {
    around = [around.pop()!, ...around];
    shorter = shorter.slice(0, -1);
  }
  return { stem: shorter, loop: around };
}

function isSameStep(left: Edge, right: Edge): boolean {
  return left.step === right.step && left.from === right.from;
}
