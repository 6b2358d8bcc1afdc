import { code, joined, text } from '../../dsl/docgen/document.ts';
import type { Inlines } from '../../dsl/docgen/document.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { System } from '../../dsl/ir/index.ts';
import { printFormula } from '../../dsl/ir/print.ts';
import type { DocumentedModel } from './documented-model.ts';
import { onlyDifference } from './mended.ts';
import type { Judged, JudgedProperty } from './property-table.ts';

/**
 * What was found to help where a temporal property fails: fairness under which the same formula holds in the same model,
 * where another property assumes that; and models in which it holds that differ in the value of one parameter. Each begins
 * with a semicolon.
 */
export function remedyWords(judged: Judged, property: JudgedProperty, modelOf: (judged: Judged) => Inlines): Inlines {
  return [
    ...fairerIn(judged.model, judged.verdict.name).flatMap((one): Inlines => [text('; '), ...fairerWords(one)]),
    ...elsewhere(judged, property, modelOf),
  ];
}

/** A property that says the same under other fairness, and holds. */
interface Fairer {
  readonly name: string;
  /** The fairness sets that it assumes. */
  readonly all: readonly string[];
  /** Those that it assumes and that the failing one does not. */
  readonly added: readonly string[];
  /** Those that it does without. */
  readonly dropped: readonly string[];
}

/** The properties of the formula of another one that hold in a model in which that fails; of those that add more to others, none. */
export function fairerIn(
  { system, result }: Pick<DocumentedModel, 'system' | 'result'>,
  name: string,
): readonly Fairer[] {
  const failing = system.properties.find((one) => one.name === name);
  if (failing === undefined) return [];
  const formula = printFormula(failing.formula);
  const own = setsOf(system, failing.under);
  const all = system.properties.flatMap((one): readonly Fairer[] => {
    const verdict = result.verdicts.find(({ kind, name: other }) => kind === 'property' && other === one.name);
    const holds = verdict?.outcome.kind === 'holds' && verdict.vacuous === undefined;
    if (one === failing || !holds || printFormula(one.formula) !== formula) return [];
    const its = setsOf(system, one.under);
    const [added, dropped] = [its.filter((set) => !own.includes(set)), own.filter((set) => !its.includes(set))];
    return [{ name: one.name, all: its, added, dropped }];
  });
  const isLess = (one: Fairer, other: Fairer): boolean =>
    one.all.length < other.all.length && one.all.every((set) => other.all.includes(set));
  return all.filter((other) => !all.some((one) => isLess(one, other)));
}

function setsOf({ fairness }: System, under: readonly string[] | undefined): readonly string[] {
  return under ?? fairness.map(({ name }) => name);
}

/** `with threadTurns as well it holds (writeLockIsGotInTurn)`. */
export function fairerWords({ name, added, dropped }: Fairer): Inlines {
  const names = (sets: readonly string[]): Inlines =>
    joined(
      sets.map((set): Inlines => [code(set)]),
      ', ',
    );
  const instead = dropped.length === 0 ? [text(' as well')] : [text(' in place of '), ...names(dropped)];
  return [text('with '), ...names(added), ...instead, text(' it holds ('), code(name), text(')')];
}

/** Models that differ in one parameter and in which it holds: `it holds with writes = once (oneWrite)`. */
function elsewhere({ model, verdict }: Judged, { all }: JudgedProperty, modelOf: (judged: Judged) => Inlines): Inlines {
  const found = new Map<string, Inlines[]>();
  for (const other of all) {
    const parameter = onlyDifference(model, other.model);
    const holds = other.verdict.outcome.kind === 'holds' && other.verdict.vacuous === undefined;
    if (parameter === undefined || !holds || other.verdict === verdict) continue;
    const value = `${parameter} = ${formatValue(other.model.result.parameters[parameter])}`;
    found.set(value, [...(found.get(value) ?? []), modelOf(other)]);
  }
  return Array.from(found, ([value, models]): Inlines => [
    text('; it holds with '),
    code(value),
    text(' ('),
    ...joined(models, ', '),
    text(')'),
  ]).flat();
}
