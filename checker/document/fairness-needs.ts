import { code, joined, linkTo, paragraph, plainText, strong, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Inline, Inlines } from '../../dsl/docgen/document.ts';
import { assumedText } from '../../dsl/docgen/property-text.ts';
import type { System } from '../../dsl/ir/index.ts';
import { formatCount } from '../report/wording.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';
import { isStandstill, Runs } from './fairness-runs.ts';
import { assumptionUses } from './assumption-uses.ts';
import type { Found, Need } from './assumption-uses.ts';
import { assumptionKey } from './live-assumptions.ts';
import type { Assumed } from './live-assumptions.ts';
import { isMeantRight } from './meant-right.ts';
import { remedyWords } from './remedies.ts';
import { judgedProperties } from './property-table.ts';
import type { Judged, JudgedProperty, PropertyHref } from './property-table.ts';

/**
 * What fairness properties need is worked out in all models of so many states at most. It judges them many times over, so
 * of larger models only those are asked that have to be.
 */
export const ADVISED_UP_TO = 2000;

/** … and a property of which no such model says it in one more model, of so many states at most. */
export const ADVISED_IN = 1_000_000;

/** … and what an assumption is good for that is about nothing in those, in one of so many states at most. */
export const ADVISED_BESIDE = 50_000;

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
    ...assumptionUses(models, needs, hrefOf),
  ];
}

const ABOUT =
  'What each property needs to hold: a row for each assumption without which it fails, all others being made; of strong fairness that is assumed it is said where weak is enough. It was worked out in the model that asks most, of those in which nothing else goes wrong if there are any; further models below it need something besides. Where a property fails, it is said whether more fairness would help, under which fairness the same is found to hold there, and with which other value of one parameter.';

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
        const fresh = advice.kind === 'needs' ? advice.assumptions.filter((one) => !known.has(assumptionKey(one))) : [];
        return fresh.length === 0 ? [] : [{ judged, advice: { ...advice, assumptions: fresh } }];
      }),
    );
    if (next === undefined) return further;
    for (const key of next.advice.assumptions.flatMap(coveredBy)) known.add(key);
    further.push(next);
  }
}

/** Strong fairness is weak as well. */
function coveredBy(one: Assumed): readonly string[] {
  return [assumptionKey(one), ...(one.strength === 'strong' ? [assumptionKey({ ...one, strength: 'weak' })] : [])];
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
    ...failingRows(failing, { property, modelOf, stories }),
  ];
}

/** Assumptions of one set without which all may stop are told together; a loop is told by itself. */
function needRows({ judged, advice: { assumptions } }: Found, where: Inlines, runs: Runs): readonly Row[] {
  if (assumptions.length === 0) return [[where, [text('no fairness')], []]];
  const { model } = judged;
  const groups = new Map<string, Assumed[]>();
  for (const one of assumptions) {
    const isPlain = isTerse(model.system, one) && one.otherwise !== undefined && isStandstill(one.otherwise.trace);
    const key = isPlain ? `${one.strength} ${one.set} ${one.isMadeStrong}` : assumptionKey(one);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group, index): Row => [
    index === 0 ? where : [],
    shortWords(model.system, group),
    runs.words(model, group),
  ]);
}

/** What is said beside the failures of a property. */
interface Surroundings {
  readonly property: JudgedProperty;
  readonly modelOf: (judged: Judged) => Inlines;
  readonly stories: Stories;
}

/** The models in which it fails, those together of which the same is to be said. */
function failingRows(failing: readonly Judged[], { property, modelOf, stories }: Surroundings): readonly Row[] {
  const groups = new Map<string, { readonly words: Inlines; readonly those: Judged[] }>();
  for (const judged of failing) {
    const words = [failingWord(judged, stories), ...helpWords(judged), ...remedyWords(judged, property, modelOf)];
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
  return isHopeless ? [text(', whatever fairness of whole actions, processes or single steps is assumed')] : [];
}

/** `weak worker, writer (scheduler)`, as they are told below in full, where their set has no others of those names. */
function shortWords(system: System, group: readonly Assumed[]): Inlines {
  const [first] = group;
  const { strength, set, isMadeStrong = false } = first!;
  if (!isTerse(system, first!)) return assumedText(system, first!);
  const names = group.map(({ name }): Inlines => [code(name)]);
  const from = isMadeStrong ? ', which assumes strong)' : ')';
  return [text(`${strength} `), ...joined(names, ', '), text(' ('), code(set!), text(from)];
}

/** Whether its name and its set say which one it is; strong fairness of some steps only is always told in full. */
function isTerse(system: System, one: Assumed): boolean {
  return isAloneOfName(system, one) && !(one.strength === 'strong' && one.when !== undefined);
}

/** Whether a set has no other assumption about what one is about. */
function isAloneOfName(system: System, { name, set }: Assumed): boolean {
  const groups = system.fairness.find((one) => one.name === set)?.assumptions.flatMap((one) => one.groups) ?? [];
  return groups.filter((group) => group.name === name).length === 1;
}
