import { code, joined, linkTo, strong, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Column, Inlines } from '../../dsl/docgen/document.ts';
import { declarationKey } from '../../dsl/docgen/spec-parts.ts';
import { formatCount, nameOf } from '../report/wording.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';
import { legendOf, signOf, VACUOUS } from './outcome-words.ts';

/** What is known of one property of one model. */
export interface Judged {
  readonly model: DocumentedModel;
  readonly verdict: Verdict;
}

/** A property with all that was found out about it: those of one name that are declared apart are apart. */
export interface JudgedProperty {
  readonly key: string;
  readonly first: Judged;
  readonly all: readonly Judged[];
}

/** The properties of some models, in the order in which they are declared. */
export function judgedProperties(models: readonly DocumentedModel[]): readonly JudgedProperty[] {
  const found = new Map<string, Judged[]>();
  for (const model of models) {
    for (const verdict of model.result.verdicts) {
      const key = propertyKey(model, verdict);
      found.set(key, [...(found.get(key) ?? []), { model, verdict }]);
    }
  }
  return Array.from(found, ([key, all]) => ({ key, first: all[0]!, all }));
}

/** What tells a property from others of its name; see {@link declarationKey}. */
export function propertyKey({ system }: DocumentedModel, verdict: Verdict): string {
  const isBuiltIn = verdict.kind === 'deadlock' || verdict.kind === 'evaluation';
  return isBuiltIn ? verdict.kind : declarationKey(system, verdict);
}

/** Models that are shown together in one column. */
export interface Group {
  readonly head: Inlines;
  readonly models: readonly DocumentedModel[];
}

/** Where a property is described; undefined when that is nowhere. */
export type PropertyHref = (judged: Judged) => string | undefined;

/** Where more is said of properties. */
export interface PropertyHrefs {
  readonly described: PropertyHref;
  /** Where it is said why a property says nothing. */
  readonly idle: PropertyHref;
}

/**
 * A row for each property, a column for each group of models: the worst that came out there, with the story that shows
 * it in the fewest steps, and in how many models where it is not the same in all of them.
 *
 * @returns the table and what its signs mean.
 */
export function propertyTable(
  groups: readonly Group[],
  stories: Stories,
  hrefs: PropertyHrefs,
): { readonly table: Block; readonly legend: string } {
  const signs = new Set<string>();
  const properties = judgedProperties(groups.flatMap(({ models }) => models));
  const rows = properties.map((property): readonly Inlines[] => [
    propertyName(property, properties, hrefs.described),
    ...groups.map(({ models }) => {
      const own = property.all.filter(({ model }) => models.includes(model));
      for (const { verdict } of own) signs.add(signOf(verdict));
      return cellOf(own, stories, hrefs);
    }),
  ]);
  const columns = groups.map(({ head }): Column => ({ head, align: 'center' }));
  const isCounted = groups.some(({ models }) => 1 < models.length);
  const legend = legendOf(signs) + (isCounted ? COUNTS : '');
  return { table: table(['Property', ...columns], rows), legend };
}

/** A name that leads to its description, and where it is declared when the name alone does not say which it is. */
export function propertyName({ first }: JudgedProperty, all: readonly JudgedProperty[], hrefOf: PropertyHref): Inlines {
  const { model, verdict } = first;
  const name = text(nameOf(verdict));
  const href = hrefOf(first);
  const isOneOfSeveral = 1 < all.filter((other) => other.first.verdict.name === verdict.name).length;
  const where = isOneOfSeveral ? [text(` (${model.system.files[verdict.span.file]!.path.split('/').at(-1)!})`)] : [];
  return [linkTo(href, name), ...where];
}

/** The worst that came out of some models. */
interface Worst {
  readonly sign: string;
  /** Those of which it did. */
  readonly those: readonly Judged[];
  /** The one with the fewest steps. */
  readonly shown: Judged;
  /** Infinity where there is no story. */
  readonly steps: number;
}

const COUNTS =
  ' "in 2 of 5": so many of the models of the column in which the property says something; of ∅, so many of all that judge it.';

/** What is shown of a property that was judged in several models; undefined when in none. */
export function worstOf(judged: readonly Judged[]): Worst | undefined {
  // What is not as expected comes first; else it says more that something is reached than that it is not, elsewhere.
  const unexpected = judged.filter(({ verdict }) => !verdict.asExpected);
  const telling = 0 < unexpected.length ? unexpected : judged;
  const sign = ORDER.find((one) => telling.some(({ verdict }) => signOf(verdict) === one));
  if (sign === undefined) return undefined;
  const those = judged.filter(({ verdict }) => signOf(verdict) === sign);
  const shown = those.toSorted((left, right) => stepsOf(left) - stepsOf(right))[0]!;
  return { sign, those, shown, steps: stepsOf(shown) };
}

function cellOf(judged: readonly Judged[], stories: Stories, { idle }: PropertyHrefs): Inlines {
  const found = worstOf(judged);
  if (found === undefined) return [];
  const { sign: worst, those, shown, steps } = found;
  const words = text(Number.isFinite(steps) ? `${worst} ${formatCount(steps)}` : worst);
  const sign = those.every(({ verdict }) => verdict.asExpected) ? words : strong(words);
  const href = worst === VACUOUS ? idle(shown) : stories.get(shown.model.result)?.stories.get(shown.verdict.name);
  const others = judged.filter(({ verdict }) => signOf(verdict) !== worst && signOf(verdict) !== VACUOUS);
  const isOnlySome = others.length > 0 && worst !== '✓';
  const vacuous = worst === '✓' ? judged.filter(({ verdict }) => signOf(verdict) === VACUOUS) : [];
  return [
    linkTo(href, sign),
    ...(isOnlySome ? [text(` in ${formatCount(those.length)} of ${formatCount(those.length + others.length)}`)] : []),
    ...(vacuous.length === 0
      ? []
      : [
          text(', '),
          linkTo(idle(vacuous[0]!), text(VACUOUS)),
          text(` in ${formatCount(vacuous.length)} of ${formatCount(judged.length)}`),
        ]),
  ];
}

/** What is shown before what. */
const ORDER = ['✗', '!', '…', '◆', '◇', '✓', VACUOUS];

function stepsOf({ verdict: { outcome } }: Judged): number {
  return outcome.kind === 'violated' || outcome.kind === 'reached' ? outcome.trace.steps.length : Infinity;
}

/** Models in lists are named one by one up to so many. */
const MOST_NAMED = 6;

/**
 * A row for each property with the models by what came out, for many models that are not groups.
 *
 * @returns the table and what its signs mean.
 */
export function propertyList(
  models: readonly DocumentedModel[],
  stories: Stories,
  hrefs: PropertyHrefs,
): { readonly table: Block; readonly legend: string } {
  const properties = judgedProperties(models);
  const signs = new Set<string>();
  const rows = properties.map((property): readonly Inlines[] => {
    const bySign = new Map<string, Judged[]>();
    for (const one of property.all) {
      const sign = signOf(one.verdict);
      signs.add(sign);
      bySign.set(sign, [...(bySign.get(sign) ?? []), one]);
    }
    const parts = ORDER.flatMap((sign): readonly Inlines[] => {
      const of = bySign.get(sign);
      if (of === undefined) return [];
      const shown = linkTo(sign === VACUOUS ? hrefs.idle(of[0]!) : undefined, text(sign));
      return [[shown, text(' '), ...namesOf(of, property.all.length, stories)]];
    });
    return [propertyName(property, properties, hrefs.described), joined(parts, '; ')];
  });
  return { table: table(['Property', 'What came out, and where'], rows), legend: legendOf(signs) };
}

function namesOf(judged: readonly Judged[], count: number, stories: Stories): Inlines {
  const hasStory = Number.isFinite(stepsOf(judged[0]!));
  if (judged.length === count && !hasStory) return [text(count === 1 ? 'in the only model' : 'in all models')];
  if (judged.length > MOST_NAMED && !hasStory) return [text(`in ${formatCount(judged.length)} models`)];
  const named = judged.slice(0, MOST_NAMED).map(({ model, verdict }): Inlines => {
    const href = stories.get(model.result)?.stories.get(verdict.name) ?? stories.get(model.result)?.href;
    const steps = stepsOf({ model, verdict });
    const words = code(model.label);
    const content = linkTo(href, words);
    return [
      verdict.asExpected ? content : strong(content),
      ...(Number.isFinite(steps) ? [text(` ${formatCount(steps)}`)] : []),
    ];
  });
  const more = judged.length - named.length;
  return [...joined(named, ', '), ...(more === 0 ? [] : [text(` and ${formatCount(more)} more`)])];
}
