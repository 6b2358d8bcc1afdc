import { code, joined, linkTo, paragraph, plainText, strong, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Inline, Inlines } from '../../dsl/docgen/document.ts';
import { assumedText } from '../../dsl/docgen/property-text.ts';
import type { System } from '../../dsl/ir/index.ts';
import { formatCount } from '../report/wording.ts';
import type { PropertyAdvice } from '../verdict/verdict.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';
import { isStandstill, Runs } from './fairness-runs.ts';
import { isMeantRight } from './meant-right.ts';
import { judgedProperties } from './property-table.ts';
import type { Judged, JudgedProperty, PropertyHref } from './property-table.ts';

type Assumed = PropertyAdvice['assumptions'][number];

/** What is known of the fairness that a property needs, and the models in which that was found out. */
interface Need {
  readonly property: JudgedProperty;
  /** Where it holds. Undefined: no model in which it does and says something was small enough to find out. */
  readonly found: Found | undefined;
  /** Other models in which something is needed that is not needed there: each with what is new. */
  readonly further: readonly Found[];
  /** Where it fails. */
  readonly failing: readonly Judged[];
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
 * What fairness each temporal property needs, one by one, and what can go on for ever without it; then where it fails.
 * Of the models in which it was found out, those come first that are meant to be right, and of them the one that asks
 * most: a property that holds vacuously, or easily, needs nothing.
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
  const runs = new Runs();
  const rows = needs.flatMap((need) =>
    rowsOf(need, stories, runs).map((cells, index) => [index === 0 ? nameOf(need, hrefOf) : [], ...cells]),
  );
  return [
    paragraph(text(runs.isEmpty ? ABOUT : `${ABOUT} ${ABOUT_RUNS}`)),
    table(
      ['Property', 'Worked out in', 'Needs', ...(runs.isEmpty ? [] : ['Without it'])],
      rows.map((row) => (runs.isEmpty ? row.slice(0, -1) : row)),
    ),
    ...runs.blocks(),
    ...goodFor(needs, hrefOf),
  ];
}

const ABOUT =
  'What each property needs to hold: a row for each assumption without which it fails, all others being made. It was worked out in the model that asks most, of those in which nothing else goes wrong if there are any; further models below it need something besides. Where a property fails, it is said whether more fairness would help.';

const ABOUT_RUNS =
  'Without it: what can then happen for ever, and the step that never comes, though it is possible all the time (weak) or again and again (strong).';

/**
 * The model that asks most, where it holds; where it fails, the models in which nothing else goes wrong, or else the one
 * that asks most for more.
 */
function needOf(property: JudgedProperty): Need {
  const telling = property.all.filter(({ verdict }) => verdict.vacuous === undefined);
  const right = telling.filter(({ model }) => isMeantRight(model));
  const [fromRight, all] = [right, telling].map((list) => list.flatMap(foundIn));
  const holding = (list: readonly Found[]): Found | undefined =>
    hardest(list.filter(({ advice }) => advice.kind === 'needs'));
  const needs = holding(fromRight!) ?? holding(all!);
  const failing = right.filter(({ verdict }) => verdict.outcome.kind === 'violated');
  const further = needs === undefined ? [] : furtherNeeds(needs, 0 < fromRight!.length ? fromRight! : all!);
  if (0 < failing.length || needs !== undefined) return { property, found: needs, further, failing };
  const [add, none] = (['add', 'none'] as const).map((kind) =>
    hardest(all!.filter(({ advice }) => advice.kind === kind)),
  );
  const other = add ?? none;
  return { property, found: undefined, further: [], failing: other === undefined ? [] : [other.judged] };
}

/** Models in which it needs something that it needs in none of those before, with that. */
function furtherNeeds(first: Found, all: readonly Found[]): readonly Found[] {
  const known = new Set(first.advice.assumptions.flatMap(coveredBy));
  const further: Found[] = [];
  for (;;) {
    const next = hardest(
      all.flatMap(({ judged, advice }): readonly Found[] => {
        const fresh = advice.kind === 'needs' ? advice.assumptions.filter((one) => !known.has(keyOf(one))) : [];
        return fresh.length === 0 ? [] : [{ judged, advice: { ...advice, assumptions: fresh } }];
      }),
    );
    if (next === undefined) return further;
    for (const key of next.advice.assumptions.flatMap(coveredBy)) known.add(key);
    further.push(next);
  }
}

function keyOf({ strength, set, name, when }: Assumed): string {
  return JSON.stringify([strength, set, name, when]);
}

/** Strong fairness is weak as well. */
function coveredBy(one: Assumed): readonly string[] {
  return [keyOf(one), ...(one.strength === 'strong' ? [keyOf({ ...one, strength: 'weak' })] : [])];
}

function foundIn(judged: Judged): readonly Found[] {
  const advice = judged.model.result.advice?.find(({ property }) => property === judged.verdict.name);
  return advice === undefined ? [] : [{ judged, advice }];
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

/** Where it was worked out, what is needed, and what can happen without it. */
type Row = readonly [Inlines, Inlines, Inlines];

function rowsOf({ property, found, further, failing }: Need, stories: Stories, runs: Runs): readonly Row[] {
  if (found === undefined && failing.length === 0) {
    const isVacuous = property.all.every(({ verdict }) => verdict.vacuous !== undefined);
    const why = isVacuous
      ? 'It says nothing in any model.'
      : `Not worked out: no model in which it says something has ${formatCount(ADVISED_IN)} states or fewer.`;
    return [[[text('–')], [text(why)], []]];
  }
  const modelOf = ({ model }: Judged): Inlines => [linkTo(stories.get(model.result)?.href, code(model.label))];
  return [
    ...(found === undefined ? [] : [found, ...further].flatMap((one) => needRows(one, modelOf(one.judged), runs))),
    ...failingRows(failing, modelOf, stories),
  ];
}

/** Assumptions of one set without which all may stop are told together; a loop is told by itself. */
function needRows({ judged, advice: { assumptions } }: Found, where: Inlines, runs: Runs): readonly Row[] {
  if (assumptions.length === 0) return [[where, [text('no fairness')], []]];
  const { model } = judged;
  const groups = new Map<string, Assumed[]>();
  for (const one of assumptions) {
    const isPlain =
      isAloneOfName(model.system, one) && one.otherwise !== undefined && isStandstill(one.otherwise.trace);
    const key = isPlain ? `${one.strength} ${one.set}` : keyOf(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group, index): Row => [
    index === 0 ? where : [],
    shortWords(model.system, group),
    runs.words(model, group),
  ]);
}

/** The models in which it fails, those together of which the same is to be said. */
function failingRows(
  failing: readonly Judged[],
  modelOf: (judged: Judged) => Inlines,
  stories: Stories,
): readonly Row[] {
  const groups = new Map<string, { readonly words: Inlines; readonly those: Judged[] }>();
  for (const judged of failing) {
    const words = [failingWord(judged, stories), ...helpWords(judged)];
    const key = plainText(words);
    const known = groups.get(key) ?? { words, those: [] };
    groups.set(key, known);
    known.those.push(judged);
  }
  return Array.from(groups.values(), ({ words, those }): Row => [joined(those.map(modelOf), ', '), words, []]);
}

/** Leads to the story of how it fails. */
function failingWord({ model, verdict }: Judged, stories: Stories): Inline {
  const href = stories.get(model.result)?.stories.get(verdict.name);
  return verdict.asExpected ? linkTo(href, text('fails, as expected')) : strong(linkTo(href, text('fails')));
}

/** Whether fairness would make it hold, and which; nothing where that is not known. */
function helpWords({ model, verdict }: Judged): Inlines {
  const advice = model.result.advice?.find(({ property }) => property === verdict.name);
  const cure = verdict.outcome.kind === 'violated' ? verdict.outcome.trace.cure : undefined;
  const choice = advice?.kind === 'add' ? advice.assumptions : cure?.kind === 'assume' ? cure.choices[0] : undefined;
  if (choice !== undefined) {
    const isOnlyUnpromised = choice.some(({ isUnpromised }) => isUnpromised === true);
    const only = isOnlyUnpromised ? ' only with what no fairness of the spec is about: ' : ' with ';
    return [
      text(`; it would hold${only}`),
      ...joined(
        choice.map((one) => assumedText(model.system, one)),
        '; ',
      ),
    ];
  }
  const isHopeless = advice?.kind === 'none' || cure?.kind === 'none';
  return isHopeless ? [text(', whatever the fairness of actions, processes and their steps')] : [];
}

/** `weak worker, writer (scheduler)`, as they are told below in full, where their set has no others of those names. */
function shortWords(system: System, group: readonly Assumed[]): Inlines {
  const [first] = group;
  const { strength, set } = first!;
  if (!isAloneOfName(system, first!)) return assumedText(system, first!);
  const names = group.map(({ name }): Inlines => [code(name)]);
  return [text(`${strength} `), ...joined(names, ', '), text(' ('), code(set!), text(')')];
}

/** Whether a set has no other assumption about what one is about. */
function isAloneOfName(system: System, { name, set }: Assumed): boolean {
  const groups = system.fairness.find((one) => one.name === set)?.assumptions.flatMap((one) => one.groups) ?? [];
  return groups.filter((group) => group.name === name).length === 1;
}

/** For each assumption the properties that need it. */
function goodFor(needs: readonly Need[], hrefOf: PropertyHref): readonly Block[] {
  const uses = new Map<string, { readonly words: Inlines; readonly needs: Need[] }>();
  for (const need of needs) {
    const { found, further } = need;
    const all = found === undefined ? [] : [found, ...further];
    for (const { judged, one } of all.flatMap(({ judged, advice }) =>
      advice.assumptions.map((one) => ({ judged, one })),
    )) {
      const words = assumedText(judged.model.system, one);
      const key = JSON.stringify(words);
      const known = uses.get(key) ?? { words, needs: [] };
      known.needs.push(need);
      uses.set(key, known);
    }
  }
  if (uses.size < 2) return [];
  const rows = Array.from(uses.values(), ({ words, needs: of }) => [
    words,
    joined(
      of.map((need) => nameOf(need, hrefOf)),
      ', ',
    ),
  ]);
  return [
    {
      kind: 'details',
      summary: [text('What each assumption is good for')],
      blocks: [table(['Assumption', 'Needed by'], rows)],
    },
  ];
}
