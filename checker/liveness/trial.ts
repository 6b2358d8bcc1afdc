import type { StateGraph } from '../search/state-graph.ts';
import type { Counterexample } from './advisor.ts';
import type { FairnessConstraint, FairnessTable } from './fairness.ts';
import type { Letters } from './letters.ts';
import type { Ltl } from './ltl.ts';
import { STUTTER } from '../search/path.ts';
import { decide } from './violation.ts';
import type { ViolatingPart } from './violation.ts';

/** One claim of the property that is on trial. */
interface TriedClaim {
  readonly letters: Letters;
  readonly violation: Ltl;
}

/** That an atom could not be evaluated, so that there is no answer. */
export type NoAnswer = 'failed';

/**
 * Judges claims under some of the constraints of a table, and says of what violates them which constraints of the table
 * it is unfair to. Nothing is reported: what goes round a whole component, and so does all that can be done there, stands for
 * all lassos in it. It is unfair to no more than any of them.
 *
 * @param table - of all constraints that will be asked about.
 */
export function violationsUnder(
  graph: StateGraph,
  claims: readonly TriedClaim[],
  table: FairnessTable,
  assumed: ReadonlySet<FairnessConstraint>,
  onTick: () => void,
): readonly Counterexample[] | NoAnswer {
  const fairness = restricted(table, assumed);
  const found: Counterexample[] = [];
  for (const { letters, violation } of claims) {
    const decision = decide({ graph, letters, violation, fairness, onTick });
    if (decision.kind === 'failed') return 'failed';
    if (decision.kind === 'none') continue;
    const { part } = decision;
    if (0 <= part.firstFinal) return [BROKEN];
    for (const vertices of part.components.slice(0, MOST_COMPONENTS)) found.push(allAround(table, part, vertices));
  }
  return found;
}

/** Of one claim. Those left out come again when what is proposed does not exclude them too. */
const MOST_COMPONENTS = 1000;

/** What has been broken after finitely many steps is broken however fair the rest is. */
const BROKEN: Counterexample = { isUnfairTo: () => false };

/** The table with nothing assumed but some of its constraints. */
function restricted(table: FairnessTable, assumed: ReadonlySet<FairnessConstraint>): FairnessTable {
  const mask = new Int32Array(table.words);
  table.constraints.forEach((constraint, index) => {
    if (assumed.has(constraint)) mask[index >>> 5]! |= 1 << (index & 31);
  });
  const only = (bits: Int32Array): Int32Array => bits.map((word, at) => word & mask[at]!);
  return { ...table, weak: only(table.weak), strong: only(table.strong) };
}

/** The behaviors that do everything in a component again and again. */
function allAround(table: FairnessTable, { product }: ViolatingPart, vertices: Int32Array): Counterexample {
  const { words, enabled } = table;
  const always = new Int32Array(words).fill(-1);
  const sometimes = new Int32Array(words);
  const taken = new Int32Array(words);
  const members = new Set(vertices);
  for (const vertex of vertices) {
    const state = product.stateOf(vertex);
    for (let word = 0; word < words; word += 1) {
      always[word]! &= enabled[state * words + word]!;
      sometimes[word]! |= enabled[state * words + word]!;
    }
    product.expand(vertex);
    for (let edge = 0; edge < product.count; edge += 1) {
      const step = product.steps.at(edge);
      if (step === STUTTER || !members.has(product.targets.at(edge))) continue;
      const maker = product.graph.instances[step]!;
      for (let word = 0; word < words; word += 1) taken[word]! |= table.taken(state, maker, word);
    }
  }
  const numbers = new Map(table.constraints.map((constraint, index) => [constraint, index]));
  return {
    isUnfairTo: (constraint) => {
      const index = numbers.get(constraint)!;
      const bit = 1 << (index & 31);
      const when = constraint.strength === 'weak' ? always : sometimes;
      return (when[index >>> 5]! & bit) !== 0 && (taken[index >>> 5]! & bit) === 0;
    },
  };
}
