import { lineOf } from '../diagnostics/span.ts';
import { withAuthorsNames } from '../ir/authors-names.ts';
import type { Assumption, Expression, FairnessSet, Formula, Predicate, Property, System } from '../ir/index.ts';
import { code, joined, text } from './document.ts';
import type { Block, Inlines } from './document.ts';
import { Notation } from './notation.ts';
import { sourceText } from './spec-parts.ts';

/**
 * A predicate or formula as the author wrote it; below it, when functions of the author's hide something, with their
 * bodies put in.
 */
export function formulaBlocks(system: System, item: Predicate | Property): readonly Block[] {
  const expanded = 'formula' in item ? formulaText(system, item.formula) : predicateText(system, item.predicate);
  const written = sourceText(system, ('formula' in item ? item.formula : item.predicate).span);
  const language = 'ts';
  if (written === '') return [{ kind: 'code', language, text: expanded }];
  const own: Block = { kind: 'code', language, text: written };
  if (essence(written) === essence(expanded)) return [own];
  return [
    own,
    {
      kind: 'details',
      summary: [text('with everything it calls written out')],
      blocks: [{ kind: 'code', language, text: expanded }],
    },
  ];
}

function formulaText(system: System, formula: Formula): string {
  const told = withAuthorsNames(formula);
  return new Notation(system, [told]).formula(told);
}

function predicateText(system: System, predicate: Expression): string {
  const told = withAuthorsNames(predicate);
  return new Notation(system, [told]).predicate(told);
}

/** What two ways of writing the same have in common: no spaces, quotes, prefixes or trailing commas. */
function essence(written: string): string {
  return written
    .replaceAll(/\bs\./g, '')
    .replaceAll(/['"`\s;]/g, '')
    .replaceAll(/,(?=[)}\]])/g, '');
}

/** What a property assumes of the scheduler. */
export function assumedBy(property: Property, system: System): Inlines {
  const { under } = property;
  const sets = under === undefined ? system.fairness.map(({ name }) => name) : under;
  if (sets.length === 0) return [text('Assumes no fairness.')];
  return [
    text('Assumes fairness: '),
    ...joined(
      sets.map((name) => [code(name)]),
      ', ',
    ),
    text('.'),
  ];
}

/** The assumptions of a set in words: `weak fairness of worker, for each r`. */
export function assumptionTexts(system: System, { assumptions }: FairnessSet): readonly Inlines[] {
  return assumptions.flatMap((assumption) =>
    assumption.groups.map((group) => groupText(system, assumption.strength, group)),
  );
}

/**
 * One assumption as it is written: with what it is split by, where it counts, and the set it is from.
 *
 * @param assumed - as advice names it: an action, a process or a step of one; `set` when the spec assumes it already, and
 * `isMadeStrong` when it assumes more.
 */
export function assumedText(
  system: System,
  assumed: {
    readonly strength: 'weak' | 'strong';
    readonly name: string;
    readonly when?: string;
    readonly set?: string;
    readonly isMadeStrong?: boolean;
  },
): Inlines {
  const { strength, name, when, set, isMadeStrong = false } = assumed;
  const declared = system.fairness
    .filter((one) => set === undefined || one.name === set)
    .flatMap(({ assumptions }) => assumptions)
    .filter((one) => one.strength === (isMadeStrong ? 'strong' : strength))
    .flatMap(({ groups }) => groups)
    .find((group) => group.name === name && whenOf(system, group) === when);
  const from = set === undefined ? [] : [text(' ('), code(set), text(isMadeStrong ? ', which assumes strong)' : ')')];
  if (set !== undefined && declared !== undefined) return [...groupText(system, strength, declared), ...from];
  const where = when === undefined ? [] : [text(' where '), code(when)];
  return [text(`${strength} fairness of `), code(name), ...where, ...from];
}

/** As the source says it. */
function whenOf({ files }: System, { when }: Assumption['groups'][number]): string | undefined {
  return when && lineOf(files, when.span);
}

function groupText(system: System, strength: Assumption['strength'], group: Assumption['groups'][number]): Inlines {
  const each =
    group.per.length === 0
      ? []
      : [
          text(', for each '),
          ...joined(
            group.per.map((name) => [code(name)]),
            ', ',
          ),
        ];
  if (group.when === undefined) return [text(`${strength} fairness of `), code(group.name), ...each];
  const when = withAuthorsNames(group.when);
  const condition = new Notation(system, [when]).expression(when);
  return [text(`${strength} fairness of the steps of `), code(group.name), text(' where '), code(condition), ...each];
}

/** A short description of what kind of claim a property is. */
export const CLAIMS = {
  invariants: 'invariant: true in every reachable state',
  steps: 'step property: true of every step',
  sometimes: 'reachable: true in some state',
  properties: 'temporal property: true of every fair behavior',
} as const;
