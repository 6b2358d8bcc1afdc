import { compileEngine } from '../../checker/engine/javascript/engine.ts';
import { lowered } from '../../checker/engine/lowered.ts';
import type { Lowered } from '../../checker/engine/lowered.ts';
import { withoutConstantLeaves } from '../../checker/engine/constant-leaves.ts';
import { interpret } from '../../checker/engine/interpreter.ts';
import { compileModule } from '../../checker/engine/wasm/host.ts';
import { isRefused, planOf } from '../../checker/plan/plan.ts';
import type { Plan } from '../../checker/plan/plan.ts';
import { explore } from '../../checker/search/breadth-first.ts';
import type { Exploration, SearchOptions } from '../../checker/search/exploration.ts';
import { kernelCode, kernelOf } from '../../checker/search/kernel/kernel-module.ts';
import type { KernelCode } from '../../checker/search/kernel/kernel-module.ts';
import { exploreByKernel } from '../../checker/search/kernel/kernel-search.ts';
import type { KernelExploration } from '../../checker/search/kernel/kernel-search.ts';
import type { KernelSearchOptions, Tuning } from '../../checker/search/kernel/kernel-options.ts';

import { plainSymmetry } from '../../checker/search/breadth-first.ts';
import { symmetryOf } from '../../checker/reduction/symmetry.ts';
import type { Symmetry } from '../../checker/reduction/symmetry.ts';
import type { System } from '../../dsl/ir/index.ts';

/** A system and the options that all its searches have. */
export interface Comparison {
  readonly plan: Plan;
  /** The same with its programs. */
  readonly model: Lowered;
  readonly options: SearchOptions;
  readonly symmetry: Symmetry;
}

/** @param isDeclared - whether the state keeps what never changes, as it is declared. */
export function comparisonOf(system: System, options: Partial<SearchOptions> = {}, isDeclared = false): Comparison {
  const declared = planOf(system);
  if (isRefused(declared)) throw new Error(`refused: ${declared.refusals[0]!.message}`);
  const model = isDeclared ? lowered(declared) : withoutConstantLeaves(lowered(declared));
  const { plan } = model;
  const branches = plan.branches.list.length;
  const counts = { instances: plan.instances.length, branches };
  return {
    plan,
    model,
    options: { ...counts, deadlock: true, keepSteps: false, stopAtFirst: false, ...options },
    get symmetry() {
      return symmetryOf(declared);
    },
  };
}

/** The plain search, by the interpreter or by generated JavaScript. */
export function plainly(
  { plan, model, options, symmetry: { classes } }: Comparison,
  kind: 'interpreted' | 'javascript',
  reduced = false,
): Exploration {
  const engine = kind === 'interpreted' ? interpret(plan) : compileEngine(model);
  if ('unsupported' in engine) throw new Error(`unsupported: ${engine.unsupported}`);
  if (engine.engine !== kind) throw new Error(`not the ${kind} engine`);
  return explore(engine, plan.roles, options, reduced ? { symmetry: plainSymmetry(plan, classes) } : {});
}

/** Undefined when the model cannot be compiled. */
export function codeFor(
  { model, options, symmetry }: Comparison,
  { compact = false, reduced = false }: { readonly compact?: boolean; readonly reduced?: boolean } = {},
): KernelCode | undefined {
  const classes = reduced ? symmetry.classes : [];
  const code = kernelCode(model, { keepSteps: options.keepSteps, compact, classes });
  return 'unsupported' in code ? undefined : code;
}

export function byKernel(
  { plan, options }: Comparison,
  code: KernelCode,
  more: Partial<KernelSearchOptions> = {},
  tuning: Tuning = {},
): KernelExploration {
  const module = compileModule(code.bytes);
  const kernel = kernelOf(plan, code, module, options);
  const found = exploreByKernel(kernel, { ...options, ...more }, tuning);
  if (found.engine.engine !== 'webassembly') throw new Error('not the kernel');
  return found;
}
