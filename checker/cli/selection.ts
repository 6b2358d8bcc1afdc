import type { CompiledSpec } from '../../dsl/compiler/compile.ts';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import { suggest } from '../../dsl/diagnostics/suggest.ts';
import type { System } from '../../dsl/ir/index.ts';
import { equalValues } from '../../dsl/ir/index.ts';
import { verdictNames } from './load.ts';
import type { LoadedFile } from './load.ts';
import { didYouMean, UsageProblem } from './problem.ts';

/** The models of one spec that are to be checked, in the order of their declaration. */
export interface SpecSelection {
  readonly file: LoadedFile;
  readonly spec: CompiledSpec;
  readonly models: readonly string[];
}

/** A model with the values of its parameters put in. */
export interface Instantiated {
  readonly model: string;
  /** Absent when it was rejected. */
  readonly system?: System;
  readonly diagnostics: readonly Diagnostic[];
  /** Parameters whose value is not the one the model declares. */
  readonly changed: readonly string[];
}

/** Values to give a parameter in turn, as text by name: the spec's schemas say how to read them. */
export type Settings = Readonly<Record<string, readonly string[]>>;

/**
 * Which models of which specs to check.
 *
 * @param names - only models of these names; empty: all.
 * @throws UsageProblem when there is no model of a given name.
 */
export function selectModels(loaded: readonly LoadedFile[], names: readonly string[]): readonly SpecSelection[] {
  const all = loaded.flatMap((file) =>
    file.specs.map((spec): SpecSelection => ({ file, spec, models: spec.models.map(({ name }) => name) })),
  );
  for (const name of all.length === 0 ? [] : names) {
    const known = all.flatMap(({ models }) => models);
    if (known.includes(name)) continue;
    throw new UsageProblem(`there is no model ${name}${didYouMean(suggest(name, known))}`, listed('models', known));
  }
  return names.length === 0
    ? all
    : all
        .map((selection) => ({ ...selection, models: selection.models.filter((name) => names.includes(name)) }))
        .filter(({ models }) => models.length > 0);
}

/**
 * `name=value` pairs; the last of a name counts. A value `1..3` stands for each of those integers in turn.
 *
 * @throws UsageProblem for what is no pair, or when no selected spec has a parameter of that name.
 */
export function readSettings(pairs: readonly string[], selections: readonly SpecSelection[]): Settings {
  const known = new Set(selections.flatMap(({ spec }) => spec.parameters.map(({ name }) => name)));
  const settings = new Map<string, readonly string[]>();
  for (const pair of pairs) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageProblem(`--set ${pair} gives no value`, 'Write a parameter and its value: --set rings=3');
    }
    if (!known.has(name)) {
      throw new UsageProblem(
        `there is no parameter ${name}${didYouMean(suggest(name, known))}`,
        listed('parameters', [...known]),
      );
    }
    settings.set(name, sweepOf(name, value));
  }
  return Object.fromEntries(settings);
}

const MOST_VALUES = 1000;

function sweepOf(name: string, value: string): readonly string[] {
  const [, first, last] = /^(-?\d+)\.\.(-?\d+)$/.exec(value) ?? [];
  if (first === undefined || last === undefined) return [value];
  const count = Number(last) - Number(first) + 1;
  if (!(1 <= count && count <= MOST_VALUES)) {
    throw new UsageProblem(`--set ${name}=${value} is no sweep`, `A sweep has from 1 to ${MOST_VALUES} values: 1..3`);
  }
  return Array.from({ length: count }, (_, index) => String(Number(first) + index));
}

/** The systems of a spec's models, for each combination of the settings. */
export function instantiateModels(selection: SpecSelection, settings: Settings): readonly Instantiated[] {
  return instantiateEach(selection, combinationsOf(selection, settings));
}

/**
 * The systems of some models of a spec with some settings. A model whose parameters are changed loses its expectations,
 * which were meant for the values that it declares.
 */
export function instantiateEach(
  { spec }: SpecSelection,
  combinations: readonly Combination[],
): readonly Instantiated[] {
  return combinations.map(({ model, given }) => instantiateModel(spec, model, given));
}

/** A model, with values for parameters as text. */
interface Combination {
  readonly model: string;
  readonly given: Readonly<Record<string, string>>;
}

/** Each model with each combination of the settings that the spec has; others are left out. */
export function combinationsOf({ spec, models }: SpecSelection, settings: Settings): readonly Combination[] {
  const own = Object.entries(settings).filter(([name]) => spec.parameters.some((parameter) => parameter.name === name));
  const combinations = own.reduce<readonly Readonly<Record<string, string>>[]>(
    (before, [name, values]) => before.flatMap((given) => values.map((value) => ({ ...given, [name]: value }))),
    [{}],
  );
  return models.flatMap((model) => combinations.map((given) => ({ model, given })));
}

function instantiateModel(spec: CompiledSpec, model: string, given: Readonly<Record<string, string>>): Instantiated {
  const { system, diagnostics } = spec.instantiate(model, given);
  if (system === undefined) return { model, diagnostics, changed: [] };
  if (Object.keys(given).length === 0) return { model, system, diagnostics, changed: [] };
  const declared = spec.instantiate(model).system;
  const changed = system.parameters
    .filter(({ name, value }) => {
      const before = declared?.parameters.find((parameter) => parameter.name === name);
      return before === undefined || !equalValues(before.value, value);
    })
    .map(({ name }) => name);
  return { model, system: changed.length === 0 ? system : withoutExpectations(system), diagnostics, changed };
}

function withoutExpectations(system: System): System {
  const { distinct: _, ...model } = system.model;
  return { ...system, model: { ...model, expectations: [] } };
}

/**
 * What a model expects of temporal properties, it expects under the fairness that its spec says: under another they are
 * all expected to hold.
 */
export function withoutTemporalExpectations(system: System): System {
  const isTemporal = (name: string): boolean => system.properties.some((property) => property.name === name);
  const expectations = system.model.expectations.filter((one) => one.kind !== 'violates' || !isTemporal(one.property));
  return { ...system, model: { ...system.model, expectations } };
}

/** Those of some fairness sets that a system has, in its order; `none` stands for no set, unless one has that name. */
export function fairnessSetsOf(system: System, names: readonly string[]): readonly string[] {
  return system.fairness.map(({ name }) => name).filter((name) => names.includes(name));
}

/** @throws UsageProblem when none of the specs has a fairness set of a given name. */
export function checkFairnessNames(names: readonly string[], selections: readonly SpecSelection[]): void {
  const known = [...new Set(selections.flatMap(({ spec }) => spec.fairness))];
  for (const name of names) {
    if (name === 'none' || known.includes(name)) continue;
    throw new UsageProblem(
      `there is no fairness set ${name}${didYouMean(suggest(name, known))}`,
      `${listed('fairness sets', known)} \`none\` is without fairness.`,
    );
  }
}

/** Names under which `--property` finds something: everything that gets a verdict. */
export function propertyNames(system: System): readonly string[] {
  const always = ALWAYS_JUDGED.filter((name) => name !== 'deadlock' || system.model.deadlocks !== 'ignored');
  return [...always, ...verdictNames(system)];
}

export const ALWAYS_JUDGED = ['deadlock', 'evaluation'];

/** @throws UsageProblem when none of the specs has a property of a given name. */
export function checkPropertyNames(names: readonly string[], selections: readonly SpecSelection[]): void {
  const known = [...new Set([...ALWAYS_JUDGED, ...selections.flatMap(({ spec }) => spec.properties)])];
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new UsageProblem(
      `there is no property ${name}${didYouMean(suggest(name, known))}`,
      listed('properties', known),
    );
  }
}

const LISTED = 12;

function listed(what: string, names: readonly string[]): string {
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return `There are no ${what}.`;
  const more = distinct.length - LISTED;
  return `There are the ${what} ${distinct.slice(0, LISTED).join(', ')}${more > 0 ? `, and ${more} more` : ''}.`;
}
