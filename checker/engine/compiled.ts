import { defaultValue } from '../../dsl/ir/index.ts';
import type { Plan } from '../plan/plan.ts';
import { emitJavaScript, RUNTIME_NAMES, RUNTIME_SOURCE, scratchSize } from './emit-javascript.ts';
import { flatten } from './flatten.ts';
import type { FlatSystem, Unsupported } from './flatten.ts';
import { Batch } from './next-state.ts';
import type { NextState, Truth } from './next-state.ts';

/**
 * The fast engine: code generated for one plan, one function for each action instance.
 *
 * @returns the engine, or what keeps the plan from being compiled; then the interpreter has to do.
 * @remarks Start-up cost: linear in the size of the unrolled bodies, about a microsecond a node.
 */
export function compileEngine(plan: Plan): NextState | Unsupported {
  const flat = flatten(plan);
  return 'unsupported' in flat ? flat : instantiate(plan, flat);
}

interface Generated {
  initial(states: Int32Array, at: number, out: Batch): void;
  readonly successors: (states: Int32Array, at: number, out: Batch) => void;
  readonly predicates: readonly ((states: Int32Array, at: number, next: Int32Array, nextAt: number) => Truth)[];
}

function instantiate(plan: Plan, flat: FlatSystem): NextState {
  const { layout } = plan;
  const { leaves, words } = layout;
  const source = `"use strict";${RUNTIME_SOURCE}${emitJavaScript(flat, layout)}`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the source is our own; specs contribute numbers only.
  const generate = new Function(...RUNTIME_NAMES, source) as (...runtime: unknown[]) => Generated;
  const runtime: Record<(typeof RUNTIME_NAMES)[number], unknown> = {
    K: flat.constants,
    LW: Int32Array.from(leaves, (leaf) => leaf.word),
    LS: Int32Array.from(leaves, (leaf) => leaf.shift),
    LM: Int32Array.from(leaves, (leaf) => leaf.mask),
    D: new Int32Array(words),
    M: new Int32Array(scratchSize([flat.init, ...flat.instances])),
    P: new Int32Array(scratchSize(flat.predicates)),
    C: [],
    R: [],
    E: new Batch(words),
  };
  const generated = generate(...RUNTIME_NAMES.map((name) => runtime[name]));
  const start = new Int32Array(words);
  const defaults = plan.system.variables.map(({ name, domain }) => [name, defaultValue(domain)] as const);
  layout.encode(Object.fromEntries(defaults), start, 0);
  return {
    engine: 'compiled',
    words,
    initial: (out) => generated.initial(start, 0, out),
    successors: generated.successors,
    holds: (predicate, states, at) => generated.predicates[predicate]!(states, at, states, at),
    holdsOfStep: (predicate, states, at, nextStates, nextAt) =>
      generated.predicates[predicate]!(states, at, nextStates, nextAt),
  };
}
