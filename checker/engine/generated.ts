import { defaultValue } from '../../dsl/ir/index.ts';
import type { Plan } from '../plan/plan.ts';
import { RUNTIME_NAMES } from './javascript/runtime.ts';
import { Batch } from './next-state.ts';
import type { NextState, Truth } from './next-state.ts';

/** The generated code of one plan as plain data: it can be sent to another thread, or put into a page. */
export interface GeneratedCode {
  /** The body of a function that takes what {@link RUNTIME_NAMES} names. */
  readonly source: string;
  readonly constants: readonly number[];
  /** Cells of scratch memory that the steps, and the predicates, need. */
  readonly scratch: { readonly steps: number; readonly predicates: number };
}

/**
 * The engine that code describes.
 *
 * @param plan - the one that the code was generated for, or an equal one: numbers of instances and predicates are its.
 */
export function runGenerated({ branches, layout, system }: Plan, code: GeneratedCode): NextState {
  const { leaves, words } = layout;
  // oxlint-disable-next-line typescript/no-implied-eval -- the source is our own; specs contribute numbers only.
  const generate = new Function(...RUNTIME_NAMES, code.source) as (...runtime: unknown[]) => Functions;
  const runtime: Record<(typeof RUNTIME_NAMES)[number], unknown> = {
    K: Int32Array.from(code.constants),
    LW: Int32Array.from(leaves, (leaf) => leaf.word),
    LS: Int32Array.from(leaves, (leaf) => leaf.shift),
    LM: Int32Array.from(leaves, (leaf) => leaf.mask),
    D: new Int32Array(words),
    M: new Int32Array(code.scratch.steps),
    P: new Int32Array(code.scratch.predicates),
    C: [],
    R: [],
    E: new Batch(words, 64, branches.list.length),
  };
  const functions = generate(...RUNTIME_NAMES.map((name) => runtime[name]));
  const start = new Int32Array(words);
  const defaults = system.variables.map(({ name, domain }) => [name, defaultValue(domain)] as const);
  layout.encode(Object.fromEntries(defaults), start, 0, false);
  return {
    engine: 'javascript',
    words,
    initial: (out) => functions.initial(start, 0, out),
    successors: functions.successors,
    holds: (predicate, states, at) => functions.predicates[predicate]!(states, at, states, at),
    holdsEach(predicate, states, at, stride, count, into) {
      const holds = functions.predicates[predicate]!;
      for (let index = 0, from = at; index < count; index += 1, from += stride) {
        into[index] = holds(states, from, states, from);
      }
    },
    holdsOfStep: (predicate, states, at, nextStates, nextAt) =>
      functions.predicates[predicate]!(states, at, nextStates, nextAt),
  };
}

interface Functions {
  initial(states: Int32Array, at: number, out: Batch): void;
  readonly successors: (states: Int32Array, at: number, out: Batch) => void;
  readonly predicates: readonly ((states: Int32Array, at: number, next: Int32Array, nextAt: number) => Truth)[];
}
