import { code, joined, linkTo, paragraph, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import { formatCount } from '../report/wording.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';
import { constantParameters, modelTable } from './model-table.ts';
import { propertyList, propertyTable } from './property-table.ts';
import type { JudgedProperty, PropertyHref } from './property-table.ts';
import { signOf } from './outcome-words.ts';

/** Models have a column each up to so many; more are named in lists. */
const MOST_COLUMNS = 5;

/** The models with their counts, and each property in each model. */
export function resultBlocks(
  models: readonly DocumentedModel[],
  stories: Stories,
  hrefOf: PropertyHref,
): readonly Block[] {
  const constant = constantParameters(models);
  const properties =
    models.length <= MOST_COLUMNS
      ? propertyTable(
          models.map((model) => ({ head: [code(model.label)], models: [model] })),
          stories,
          hrefOf,
        )
      : propertyList(models, stories, hrefOf);
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

/** More models than this are counted where they are the rule, and cut short where names do not matter. */
const MOST_LISTED = 12;

/** Where a property holds, where it says nothing and where it fails. */
export function outcomesOf(property: JudgedProperty | undefined, stories: Stories): readonly Block[] {
  if (property === undefined) return [];
  const items = GROUPS.flatMap(({ sign, isExpected, words }): readonly (readonly Block[])[] => {
    const of = property.all.filter(({ verdict }) => signOf(verdict) === sign && verdict.asExpected === isExpected);
    return of.length === 0 ? [] : [[paragraph(text(`${words} `), ...namesOf(of, property, stories))]];
  });
  return items.length === 0 ? [] : [{ kind: 'list', ordered: false, items }];
}

function namesOf(of: JudgedProperty['all'], property: JudgedProperty, stories: Stories): Inlines {
  const hasStory = of.some(({ verdict: { outcome } }) => 'trace' in outcome);
  if (!hasStory && of.length > MOST_LISTED) {
    const others = of.length === property.all.length ? 'all' : 'the other';
    return [text(`${others} ${formatCount(of.length)} models`)];
  }
  return joined(
    of.map(({ model, verdict }): Inlines => {
      const told = stories.get(model.result);
      const href = told?.stories.get(verdict.name) ?? told?.href;
      const name = code(model.label);
      return [linkTo(href, name)];
    }),
    ', ',
  );
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
