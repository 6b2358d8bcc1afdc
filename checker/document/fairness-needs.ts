import { code, joined, linkTo, paragraph, strong, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import { assumedText } from '../../dsl/docgen/property-text.ts';
import type { System } from '../../dsl/ir/index.ts';
import { formatCount } from '../report/wording.ts';
import type { PropertyAdvice } from '../verdict/verdict.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';
import { judgedProperties } from './property-table.ts';
import type { Judged, JudgedProperty, PropertyHref } from './property-table.ts';

type Assumed = PropertyAdvice['assumptions'][number];

/** What is known of the fairness that a property needs, and the models in which that was found out. */
interface Need {
  readonly property: JudgedProperty;
  /** Empty: no model in which it says something was small enough to find out. */
  readonly found: readonly Found[];
}

interface Found {
  readonly judged: Judged;
  readonly advice: PropertyAdvice;
}

/**
 * What fairness properties need is worked out in all models of so many states at most. It judges them many times over, so
 * of larger models only those are asked that have to be.
 */
export const ADVISED_UP_TO = 2000;

/** … and a property of which no such model says it in one more model, of so many states at most. */
export const ADVISED_IN = 1_000_000;

/**
 * What fairness each temporal property needs, one by one, and what each assumption is good for. Of the models in which it
 * was found out it is shown of the one that asks most: a property that holds vacuously, or easily, needs nothing.
 */
export function neededFairness(
  models: readonly DocumentedModel[],
  stories: Stories,
  hrefOf: PropertyHref,
): readonly Block[] {
  const needs = judgedProperties(models)
    .filter(({ first }) => first.verdict.kind === 'property')
    .map(needOf);
  if (needs.length === 0) return [];
  return [
    paragraph(
      text(
        'What each property needs to hold: without any one of these it fails. Of the models in which it was worked out, this is the one that asks most; where it fails for want of fairness, what would help.',
      ),
    ),
    table(
      ['Property', 'Worked out in', 'Needs'],
      needs.flatMap((need) =>
        rowsOf(need, stories).map((cells, index) => [index === 0 ? nameOf(need, hrefOf) : [], ...cells]),
      ),
    ),
    ...goodFor(needs, hrefOf),
  ];
}

/** Where it holds, the model that asks most; where it fails, one that would hold with more, if there is one. */
function needOf(property: JudgedProperty): Need {
  const all = property.all.flatMap((judged): readonly Found[] => {
    const { model, verdict } = judged;
    const advice = model.result.advice?.find((one) => one.property === verdict.name);
    return advice === undefined || verdict.vacuous !== undefined ? [] : [{ judged, advice }];
  });
  const [needs, add, none] = (['needs', 'add', 'none'] as const).map((kind) =>
    hardest(all.filter(({ advice }) => advice.kind === kind)),
  );
  const found = [needs, add ?? (needs === undefined ? none : undefined)];
  return { property, found: found.filter((one) => one !== undefined) };
}

/** The one with the most assumptions, then the most of them that are not weak fairness alone, then the most states. */
function hardest(found: readonly Found[]): Found | undefined {
  const demand = ({ judged, advice: { assumptions } }: Found): readonly number[] => [
    assumptions.length,
    assumptions.filter(({ strength, when }) => strength === 'strong' || when !== undefined).length,
    judged.model.result.statistics.distinct,
  ];
  const [first] = found.toSorted((left, right) => {
    const [mine, theirs] = [demand(left), demand(right)];
    const at = mine.findIndex((value, index) => value !== theirs[index]);
    return at < 0 ? 0 : theirs[at]! - mine[at]!;
  });
  return first;
}

function nameOf({ property }: Need, hrefOf: PropertyHref): Inlines {
  const { verdict } = property.first;
  const href = hrefOf(property.first);
  return [linkTo(href, code(verdict.name))];
}

function rowsOf({ property, found }: Need, stories: Stories): readonly (readonly [Inlines, Inlines])[] {
  if (found.length === 0) {
    const isVacuous = property.all.every(({ verdict }) => verdict.vacuous !== undefined);
    const why = isVacuous
      ? 'It says nothing in any model.'
      : `Not worked out: no model in which it says something has ${formatCount(ADVISED_IN)} states or fewer.`;
    return [[[text('–')], [text(why)]]];
  }
  return found.map(({ judged, advice }) => {
    const { model } = judged;
    const href = stories.get(model.result)?.href;
    return [[linkTo(href, code(model.label))], adviceWords(judged, advice)];
  });
}

function adviceWords({ model, verdict }: Judged, { kind, assumptions }: PropertyAdvice): Inlines {
  const words = (list: readonly Assumed[]): Inlines =>
    joined(
      list.map((one) => assumedText(model.system, one)),
      '; ',
    );
  switch (kind) {
    case 'needs':
      return assumptions.length === 0 ? [text('no fairness')] : neededWords(model.system, assumptions);
    case 'add': {
      const isOnlyUnpromised = assumptions.some(({ isUnpromised }) => isUnpromised === true);
      const only = isOnlyUnpromised ? ' only with what no fairness of the spec is about: ' : ' with ';
      return [...failing(verdict.asExpected), text(`; it would hold${only}`), ...words(assumptions)];
    }
    case 'none':
      return [...failing(verdict.asExpected), text('; no fairness of actions, processes or their steps helps')];
  }
}

/** Of each fairness set what is needed of it, by name: `scheduler`: weak `worker`, `writer`. The sets stand on the page. */
function neededWords(system: System, assumptions: readonly Assumed[]): Inlines {
  const bySet = new Map<string, Assumed[]>();
  for (const one of assumptions) bySet.set(one.set ?? '', [...(bySet.get(one.set ?? '') ?? []), one]);
  return joined(
    Array.from(bySet, ([set, list]): Inlines => {
      const groups = system.fairness.find((one) => one.name === set)?.assumptions.flatMap((one) => one.groups) ?? [];
      const isPlain = list.every((one) => groups.filter(({ name }) => name === one.name).length === 1);
      if (!isPlain) {
        return joined(
          list.map((one) => assumedText(system, one)),
          '; ',
        );
      }
      const words = (['weak', 'strong'] as const).flatMap((strength): readonly Inlines[] => {
        const names = list.filter((one) => one.strength === strength).map(({ name }): Inlines => [code(name)]);
        return names.length === 0 ? [] : [[text(`${strength} `), ...joined(names, ', ')]];
      });
      return [text('of '), code(set), text(': '), ...joined(words, '; ')];
    }),
    '; ',
  );
}

function failing(asExpected: boolean): Inlines {
  return asExpected ? [text('fails, as expected')] : [strong(text('fails'))];
}

/** For each assumption the properties that need it. */
function goodFor(needs: readonly Need[], hrefOf: PropertyHref): readonly Block[] {
  const uses = new Map<string, { readonly words: Inlines; readonly needs: Need[] }>();
  for (const need of needs) {
    const [found] = need.found;
    if (found?.advice.kind !== 'needs') continue;
    for (const one of found.advice.assumptions) {
      const words = assumedText(found.judged.model.system, one);
      const key = JSON.stringify(words);
      const known = uses.get(key) ?? { words, needs: [] };
      known.needs.push(need);
      uses.set(key, known);
    }
  }
  if (uses.size < 2) return [];
  return [
    paragraph(text('What each assumption is good for:')),
    table(
      ['Assumption', 'Needed by'],
      Array.from(uses.values(), ({ words, needs: of }) => [
        words,
        joined(
          of.map((need) => nameOf(need, hrefOf)),
          ', ',
        ),
      ]),
    ),
  ];
}
