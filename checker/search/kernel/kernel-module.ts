import type { Unsupported } from '../../engine/flat-system.ts';
import type { Lowered } from '../../engine/lowered.ts';
import { emit } from '../../engine/wasm/emission.ts';
import { ModuleBuilder } from '../../engine/wasm/module-builder.ts';
import { printModule } from '../../engine/wasm/wat.ts';
import type { Module } from '../../engine/wasm/host.ts';
import { prepare } from '../../engine/wasm/prepared.ts';
import type { PreparedSystem } from '../../engine/wasm/prepared.ts';
import type { Plan } from '../../plan/plan.ts';
import type { IdClass } from '../../reduction/id-classes.ts';
import { actionOf } from '../../reduction/quotient.ts';
import { canonicalPlan } from './canonical-code.ts';
import { addKernel } from './kernel-code.ts';
import type { CompiledKernel } from './compiled-kernel.ts';
import type { KernelShape } from './memory-map.ts';
import { sleepSetsOf } from './sleep-sets.ts';
import { entryWords } from './table-kind.ts';
import type { TableKind } from './table-kind.ts';

/** The code of a kernel as plain data: it can be kept, and run again for an equal plan and the same options. */
export interface KernelCode {
  /** A WebAssembly module. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly shape: KernelShape;
  readonly table: TableKind['kind'];
  /** Ids that may change places: of the states that come of that, one stands for all. Empty: each stands for itself. */
  readonly classes: readonly IdClass[];
}

/** The kernel of a plan whose code was compiled. */
export function kernelOf(
  plan: Plan,
  { shape, table, classes }: KernelCode,
  module: Module,
  { keepSteps }: Pick<KernelCodeOptions, 'keepSteps'>,
): CompiledKernel {
  return {
    module,
    shape,
    table,
    questions: plan.roles,
    keepSteps,
    words: plan.layout.words,
    ...(0 < classes.length && { symmetry: actionOf(plan, classes) }),
  };
}

export interface KernelCodeOptions {
  /** Whether liveness will need the steps. */
  readonly keepSteps: boolean;
  /** Whether hashes may stand for states. */
  readonly compact: boolean;
  /** Ids that nothing tells apart. Where there are too many for it, they are taken for what they are. */
  readonly classes?: readonly IdClass[];
}

/**
 * Generates the kernel of a plan.
 *
 * @returns the code, or what keeps the plan from being compiled.
 * @remarks Cost: linear in the size of the unrolled bodies; it depends on nothing but the plan and the options.
 */
export function kernelCode(lowered: Lowered, options: KernelCodeOptions): KernelCode | Unsupported {
  const made = kernelModule(lowered, options, new ModuleBuilder());
  if ('unsupported' in made) return made;
  const { module, shape, table, classes } = made;
  return { bytes: module.finish(), shape, table, classes };
}

/** The kernel of a plan in the text format of WebAssembly, with the names of actions and variables as comments. */
export function kernelText(lowered: Lowered, options: KernelCodeOptions): string | Unsupported {
  const made = kernelModule(lowered, options, new ModuleBuilder(true));
  return 'unsupported' in made ? made : printModule(made.module.code());
}

interface KernelModule extends Omit<KernelCode, 'bytes'> {
  readonly module: ModuleBuilder;
}

/** Adds the kernel of a plan to a module. */
function kernelModule(
  { plan, flat }: Lowered,
  options: KernelCodeOptions,
  module: ModuleBuilder,
): KernelModule | Unsupported {
  if ('unsupported' in flat) return flat;
  const system = prepare(plan, flat);
  const { words, needs } = system;
  const table = tableFor(system, options);
  // A step that is kept needs the number of its target, one that is judged has to be there, and what is found outside of
  // a `within` is not expanded.
  const { steps, within } = plan.roles;
  // And what is found is not what is expanded where one state stands for others.
  const { classes = [] } = options;
  const canonical = classes.length === 0 ? undefined : canonicalPlan(classes, plan.layout, system.fields, words);
  const isEnough = !options.keepSteps && steps.length === 0 && within.length === 0 && canonical === undefined;
  const sleepSets = isEnough ? sleepSetsOf(system) : undefined;
  const shape: KernelShape = {
    words,
    entryWords: entryWords(table),
    instances: plan.instances.length,
    predicates: plan.predicates.length,
    branches: needs.coverage,
    classes: sleepSets?.classes ?? 0,
    tables: needs.tables,
    scratch: needs.scratch,
    ids: canonical?.ids ?? 0,
    keepsRaw: canonical !== undefined && 0 < steps.length,
  };
  addKernel(
    module,
    shape,
    { questions: plan.roles, table, sleepSets, keepSteps: options.keepSteps, canonical },
    (sink, { shared }, globals) => {
      const places = { tables: shared.tables, coverage: shared.branches, scratch: { global: globals.scratch } };
      const emission = emit(module, system, places);
      return {
        successors: emission.successors(sink),
        initial: emission.initial(sink),
        predicates: plan.predicates.map(({ id }) => emission.predicate(id)),
      };
    },
  );
  return { module, shape, table: table.kind, classes: canonical?.classes ?? [] };
}

/** Steps are kept by the numbers of their targets, which only entries that refer to states have. */
function tableFor({ words, fields }: PreparedSystem, { keepSteps, compact }: KernelCodeOptions): TableKind {
  if (keepSteps) return { kind: 'reference' };
  const spareBit = spareBitOf(fields, words - 1);
  if (words === 1 && spareBit !== undefined) return { kind: 'inline', words, spareBit };
  if (compact) return { kind: 'fingerprint' };
  // Whoever refers to a state has to look at it, far away; two words more than make up for that.
  return words === 2 && spareBit !== undefined ? { kind: 'inline', words, spareBit } : { kind: 'reference' };
}

/** The highest bit of a word of the state that no field uses. */
function spareBitOf(fields: PreparedSystem['fields'], last: number): number | undefined {
  const used = new Set<number>();
  for (const { word, shift, width } of fields) {
    for (let bit = 0; word === last && bit < width; bit += 1) used.add(shift + bit);
  }
  for (let bit = 63; 0 <= bit; bit -= 1) if (!used.has(bit)) return bit;
  return undefined;
}
