import { compileEngine } from '../engine/javascript/engine.ts';
import { withoutConstantLeaves, withoutLeaves } from '../engine/constant-leaves.ts';
import type { Unsupported } from '../engine/flat-system.ts';
import { interpret } from '../engine/interpreter.ts';
import { lowered } from '../engine/lowered.ts';
import type { EngineKind, NextState } from '../engine/next-state.ts';
import { compileModule } from '../engine/wasm/host.ts';
import { leavesWithoutBits } from '../plan/layout.ts';
import type { Refusal } from '../plan/refusal.ts';
import type { Plan } from '../plan/plan.ts';
import { stubbornSetsOf } from '../reduction/order/stubborn-sets.ts';
import { explore, plainSymmetry } from './breadth-first.ts';
import type { Exploration } from './exploration.ts';
import type { KernelStore } from './kernel/cached-kernel.ts';
import { kernelCode, kernelOf } from './kernel/kernel-module.ts';
import type { KernelCode, KernelCodeOptions } from './kernel/kernel-module.ts';
import type { KernelSearchOptions } from './kernel/kernel-options.ts';
import { exploreByKernel } from './kernel/kernel-search.ts';
import { isOutOfMemory } from './memory.ts';

/** A way to explore a plan. */
interface Search {
  /** With the layout of the states that are found: what never changes may have no bits. */
  readonly plan: Plan;
  readonly explore: (options: KernelSearchOptions) => Explored;
}

interface Explored {
  readonly exploration: Exploration;
  /** Answers questions about single states. */
  readonly engine: NextState;
  /** Why it is not the fastest. */
  readonly note?: string;
}

interface SearchChoice extends KernelCodeOptions {
  /** `auto`: the fastest that can do the plan. */
  readonly engine: EngineKind | 'auto';
  /** Where generated code is looked for before it is generated, and kept after. */
  readonly kernels?: KernelStore | undefined;
  /** Whether steps are put off that can come later; by generated JavaScript, where the model allows it. */
  readonly isOrdered?: boolean;
}

/** The search by the engine that is asked for, or why there is none. */
export function searchOf(declared: Plan, choice: SearchChoice): Search | Refusal {
  const isKernel = choice.isOrdered !== true && (choice.engine === 'auto' || choice.engine === 'webassembly');
  const kept = isKernel ? choice.kernels?.recall() : undefined;
  if (kept !== undefined) return byKernel(withoutLeaves(declared, kept.always), kept.code, choice);
  const model = withoutConstantLeaves(lowered(declared));
  const { plan } = model;
  if (choice.engine === 'interpreted') return plainly(plan, interpret(plan), choice);
  if (!isKernel) {
    const compiled = compileEngine(model);
    if (!('unsupported' in compiled)) return plainly(plan, compiled, choice);
    return choice.engine === 'auto' ? plainly(plan, interpret(plan), choice) : refusalOf(compiled);
  }
  const code = kernelCode(model, choice);
  if ('unsupported' in code) {
    if (choice.engine !== 'auto') return refusalOf(code);
    // To list orbits by values would take as long as to go through their states.
    return plainly(plan, interpret(plan), { classes: [], note: code.unsupported });
  }
  choice.kernels?.keep({ code, always: leavesWithoutBits(plan.layout) });
  return byKernel(plan, code, choice);
}

function byKernel(plan: Plan, code: KernelCode, choice: SearchChoice): Search {
  return {
    plan,
    explore(options) {
      const module = compileModule(code.bytes);
      try {
        const exploration = exploreByKernel(kernelOf(plan, code, module, choice), options);
        return { exploration, engine: exploration.engine };
      } catch (error) {
        if (!isOutOfMemory(error) || choice.engine !== 'auto') throw error;
        const compiled = compileEngine(lowered(plan));
        if ('unsupported' in compiled) throw error;
        const note = 'the system refuses the address space for WebAssembly';
        return plainly(plan, compiled, { classes: [], note }).explore(options);
      }
    },
  };
}

function plainly(
  plan: Plan,
  engine: NextState,
  { classes = [], isOrdered, note }: Pick<SearchChoice, 'classes' | 'isOrdered'> & { readonly note?: string },
): Search {
  const symmetry = classes.length === 0 ? undefined : plainSymmetry(plan, classes);
  const order = isOrdered === true ? stubbornSetsOf(plan) : undefined;
  return {
    plan,
    explore: (options) => ({
      exploration: explore(engine, plan.roles, options, { symmetry, order }),
      engine,
      ...(note !== undefined && { note }),
    }),
  };
}

function refusalOf({ unsupported, span }: Unsupported): Refusal {
  return { message: unsupported, span };
}
