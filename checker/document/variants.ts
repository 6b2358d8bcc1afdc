import { partsOfSpec } from '../../dsl/docgen/spec-parts.ts';
import type { Part, SpecParts } from '../../dsl/docgen/spec-parts.ts';
import { toldRoutines } from '../../dsl/docgen/routine.ts';
import type { ToldRoutine } from '../../dsl/docgen/routine.ts';
import { stepText } from '../../dsl/docgen/pseudocode.ts';
import { withParameters } from '../../dsl/export/specialize/partly.ts';
import { equalValues, formatValue } from '../../dsl/ir/index.ts';
import { sourceNameOf } from '../../dsl/ir/told-names.ts';
import type { Action, Process, System, Value } from '../../dsl/ir/index.ts';
import type { DocumentedModel } from './documented-model.ts';
import type { Variants } from './overview.ts';

/** The protocol as it is in one variant. */
export interface VariantProtocol {
  readonly name: string;
  /** Whether a system is of this variant, whatever it leaves out. */
  readonly isOf: (system: System) => boolean;
  /** The parameters that are put in. */
  readonly values: readonly { readonly name: string; readonly value: Value }[];
  readonly parts: SpecParts;
  /** The systems that the parts are of, as they were before. */
  readonly whole: ReadonlyMap<System, System>;
  readonly processes: readonly VariantProcess[];
  /** Actions that are of no process. */
  readonly actions: readonly Part<Action>[];
  /** Steps that nobody can take in it, by the processes that they are of, and actions under the empty name. */
  readonly leftOut: ReadonlyMap<string, readonly string[]>;
  /** Processes without a step in it. */
  readonly idle: readonly string[];
}

export interface VariantProcess {
  readonly part: Part<Process>;
  readonly routines: readonly ToldRoutine[];
  /** Equal for processes of one name that are shown in the same words. */
  readonly words: string;
}

/** The protocol of each variant: with its parameters put in, and without what these rule out. */
export function variantProtocols(
  { by, mutations, groups, mutants }: Variants,
  all: SpecParts,
): readonly VariantProtocol[] {
  const everywhere = [...groups.flatMap(({ models }) => models), ...mutants];
  const varying = all.constants.flatMap(({ item: { name } }) =>
    isSame(everywhere, (model) => constantIn(model, name)) ? [] : [name],
  );
  const aligned = alignedGroups(groups, [by, ...mutations]);
  return aligned.map(({ value, models }): VariantProtocol => {
    const [first] = models;
    const shared = new Set([
      ...[by, ...mutations].filter((name) => isSame(models, ({ result }) => result.parameters[name])),
      ...varying.filter((name) => isSame(models, (model) => constantIn(model, name))),
    ]);
    const made = models.map(({ system }) => ({ before: system, ...withParameters(system, shared) }));
    const [one, ...more] = made;
    const whole = new Map(made.map(({ system, before }) => [system, before]));
    const parts = partsOfSpec([one!.system, ...more.map(({ system }) => system)]);
    const left = new Set(parts.actions.map(placeOf));
    const leftOut = new Map<string, string[]>();
    for (const { system, item } of all.actions) {
      const isOfModels = models.some((model) => model.system.actions.some(({ name }) => name === item.name));
      if (!isOfModels || left.has(placeOf({ system, item }))) continue;
      left.add(placeOf({ system, item })); // however many copies there are
      const process = (item.process ?? item.timeout)?.name ?? '';
      leftOut.set(process, [...(leftOut.get(process) ?? []), sourceNameOf(item.name)]);
    }
    return {
      name: value,
      isOf: ({ parameters }) =>
        equalValues(parameters.find(({ name }) => name === by)?.value, first!.result.parameters[by]),
      values: [by, ...mutations].flatMap((name) =>
        shared.has(name) ? [{ name, value: first!.result.parameters[name] }] : [],
      ),
      parts,
      whole,
      processes: parts.processes.map((part) => processOf(part, whole.get(part.system)!)),
      actions: parts.actions.filter(({ item }) => (item.process ?? item.timeout) === undefined),
      leftOut,
      idle: one!.processes.filter((name) => !parts.processes.some(({ item }) => item.name === name)),
    };
  });
}

function processOf(part: Part<Process>, { processes }: System): VariantProcess {
  const whole = processes.find(({ name }) => name === part.item.name);
  const routines = toldRoutines(part.system, part.item, whole);
  const words = JSON.stringify(
    routines.map(({ name, calls, places }) => [
      name,
      calls,
      places.map((place) => [place.name, place.texts, place.timeouts]),
    ]),
  );
  return { part, routines, words };
}

/** Where a step is written, whatever it is a copy of. */
function placeOf({ system, item }: Part<Action>): string {
  const { files } = system;
  const process = (item.process ?? item.timeout)?.name ?? '';
  return `${process} ${item.timeout === undefined} ${files[item.span.file]?.path ?? ''} ${item.span.start}`;
}

/** The words of an action; equal for those that do the same. */
export function wordsOf({ system, item }: Part<Action>): string {
  return JSON.stringify(stepText(system, item));
}

/**
 * Groups in which models come first that are alike but for the variant, where there are any: what is shown of each variant
 * is taken from the first model that has it, and is to differ only where the variants do.
 */
function alignedGroups(groups: Variants['groups'], shared: readonly string[]): Variants['groups'] {
  const restOf = ({ result }: DocumentedModel): string =>
    JSON.stringify(
      Object.entries(result.parameters)
        .filter(([name]) => !shared.includes(name))
        .map(([name, value]) => [name, formatValue(value)]),
    );
  const common = groups[0]?.models
    .map(restOf)
    .find((rest) => groups.every(({ models }) => models.some((model) => restOf(model) === rest)));
  if (common === undefined) return groups;
  return groups.map((group) => ({
    ...group,
    models: group.models.toSorted((left, right) => Number(restOf(right) === common) - Number(restOf(left) === common)),
  }));
}

/** The value of a constant that is a number or a word. */
function constantIn({ system }: DocumentedModel, name: string): Value {
  const value = system.constants.find((one) => one.name === name)?.value;
  return typeof value === 'object' ? undefined : value;
}

function isSame(models: readonly DocumentedModel[], valueOf: (model: DocumentedModel) => Value): boolean {
  const first = valueOf(models[0]!);
  return models.every((model) => equalValues(valueOf(model), first));
}
