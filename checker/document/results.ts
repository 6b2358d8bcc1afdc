import { code, joined, linkTo, paragraph, text } from '../../dsl/docgen/document.ts';
import type { Block, Inline, Inlines } from '../../dsl/docgen/document.ts';
import { counted, formatCount } from '../report/wording.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';
import { constantParameters, modelTable } from './model-table.ts';
import { propertyList, propertyTable, worstOf } from './property-table.ts';
import type { Judged, JudgedProperty, PropertyHref, PropertyHrefs } from './property-table.ts';
import { signOf, VACUOUS } from './outcome-words.ts';

/** Models have a column each up to so many; more are named in lists. */
const MOST_COLUMNS = 5;

/** The models with their counts, and each property in each model. */
export function resultBlocks(
  models: readonly DocumentedModel[],
  stories: Stories,
  hrefs: PropertyHrefs,
): readonly Block[] {
  const constant = constantParameters(models);
  const properties =
    models.length <= MOST_COLUMNS
      ? propertyTable(
          models.map((model) => ({ head: [code(model.label)], models: [model] })),
          stories,
          hrefs,
        )
      : propertyList(models, stories, hrefs);
  return [
    ...(constant.length === 0
      ? []
      : [paragraph(text(models.length === 1 ? 'With ' : 'In all models '), ...joined(constant, ', '), text('.'))]),
    modelTable(models, stories),
    properties.table,
    paragraph(text(properties.legend)),
    ...deadlockNote(models),
  ];
}

/** In which models deadlocks are not looked for. */
function deadlockNote(models: readonly DocumentedModel[]): readonly Block[] {
  const ignoring = models.filter(({ result }) => result.deadlocks === 'ignored');
  if (ignoring.length === 0) return [];
  const names = joined(
    ignoring.map(({ label }) => [code(label)]),
    ', ',
  );
  const where = ignoring.length === models.length ? [] : [text(' in '), ...names];
  return [paragraph(text('Whether there are deadlocks is not judged'), ...where, text('.'))];
}

/** More models than this are counted, and their names folded away where each has a story. */
const MOST_LISTED = 6;

/** Where a property holds, where it says nothing and where it fails. */
export function outcomesOf(
  property: JudgedProperty | undefined,
  stories: Stories,
  idle: PropertyHref,
): readonly Block[] {
  if (property === undefined) return [];
  const items = GROUPS.flatMap(({ sign, isExpected, words }): readonly (readonly Block[])[] => {
    const of = property.all.filter(({ verdict }) => signOf(verdict) === sign && verdict.asExpected === isExpected);
    if (of.length === 0) return [];
    const why = sign === VACUOUS ? idle(of[0]!) : undefined;
    return [placesOf(linkTo(why, text(words)), of, property, stories)];
  });
  return items.length === 0 ? [] : [{ kind: 'list', ordered: false, items }];
}

/** Where something came out: in which models, or in how many, with the nearest story, and the models folded away. */
function placesOf(
  words: Inline,
  of: JudgedProperty['all'],
  property: JudgedProperty,
  stories: Stories,
): readonly Block[] {
  const nameOf = ({ model, verdict }: Judged): Inlines => {
    const told = stories.get(model.result);
    return [linkTo(told?.stories.get(verdict.name) ?? told?.href, code(model.label))];
  };
  if (of.length <= MOST_LISTED) return [paragraph(words, text(' '), ...joined(of.map(nameOf), ', '))];
  const worst = worstOf(of)!;
  const others = of.length === property.all.length ? 'all ' : isRule(of, property) ? 'the other ' : '';
  const count: Inlines = [words, text(` ${others}${formatCount(of.length)} models`)];
  if (!Number.isFinite(worst.steps)) return [paragraph(...count)];
  return [
    paragraph(...count, text(`, soonest in `), ...nameOf(worst.shown), text(`: ${counted(worst.steps, 'step')}`)),
    {
      kind: 'details',
      summary: [text(`All ${formatCount(of.length)} models`)],
      blocks: [paragraph(...joined(of.map(nameOf), ', '))],
    },
  ];
}

/** Whether it came out in most of the models. */
function isRule(of: JudgedProperty['all'], property: JudgedProperty): boolean {
  return property.all.length < 2 * of.length;
}

const GROUPS = [
  { sign: '✗', isExpected: false, words: 'Fails, which is not expected, in' },
  { sign: '✗', isExpected: true, words: 'Fails, as expected, in' },
  { sign: '✓', isExpected: true, words: 'Holds in' },
  { sign: '✓', isExpected: false, words: 'Holds, which is not expected, in' },
  { sign: '∅', isExpected: true, words: 'Holds, but says nothing, in' },
  { sign: '∅', isExpected: false, words: 'Holds, but says nothing, which is not expected, in' },
  { sign: '◆', isExpected: true, words: 'Is reached in' },
  { sign: '◆', isExpected: false, words: 'Is reached, which is not expected, in' },
  { sign: '◇', isExpected: true, words: 'Is never reached, as expected, in' },
  { sign: '◇', isExpected: false, words: 'Is never reached, which is not expected, in' },
  { sign: '…', isExpected: true, words: 'Nothing found, but not everything explored, in' },
  { sign: '…', isExpected: false, words: 'Nothing found, but not everything explored, in' },
  { sign: '!', isExpected: false, words: 'Could not be judged in' },
] as const;
