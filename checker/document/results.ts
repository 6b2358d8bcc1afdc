import { commentInlines, firstSentence } from '../../dsl/docgen/comment.ts';
import { code, joined, link, paragraph, strong, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Column, Inline, Inlines } from '../../dsl/docgen/document.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import { parametersOf } from '../report/parameters.ts';
import { formatCount, nameOf } from '../report/wording.ts';
import type { CheckResult, Verdict } from '../verdict/verdict.ts';
import type { DocumentedModel, ModelStories } from './model-stories.ts';

/** What is told of each model. */
export type Stories = ReadonlyMap<CheckResult, ModelStories>;

/**
 * The models with their counts, and each property in each model.
 *
 * @param propertyHref - where a property is described, when that is on another page.
 */
export function resultBlocks(
  models: readonly DocumentedModel[],
  stories: Stories,
  propertyHref: (name: string) => string | undefined = () => undefined,
): readonly Block[] {
  const { varying } = parametersOf(models);
  const constant = constantParameters(models);
  const numbers = (head: string): Column => ({ head: [text(head)], align: 'right' });
  const counts = table(
    [
      'Model',
      'Does not hold, after so many steps',
      numbers('States'),
      numbers('Transitions'),
      numbers('Depth'),
      ...varying.map((name) => ({ head: [code(name)], align: 'left' as const })),
    ],
    models.map((model) => [
      modelLink(model, stories),
      violatedCell(model.result, stories),
      [text(formatCount(model.result.statistics.distinct))],
      [text(formatCount(model.result.statistics.transitions))],
      [text(formatCount(model.result.statistics.depth))],
      ...varying.map((name): Inlines => [text(formatValue(model.result.parameters[name]))]),
    ]),
  );
  return [
    ...(constant.length === 0
      ? []
      : [paragraph(text(models.length === 1 ? 'With ' : 'In all models '), ...joined(constant, ', '), text('.'))]),
    counts,
    paragraph(
      text(
        'Every property in every model: ✓ holds, ∅ holds, but says nothing about this model, ✗ does not hold, ◆ is reached, ◇ cannot be reached, … nothing was found but not everything was explored, ! could not be judged. What is not as the model expects is in bold.',
      ),
    ),
    verdictTable(models, stories, propertyHref),
    ...deadlockNote(models),
  ];
}

/** In which models deadlocks are not looked for. */
function deadlockNote(models: readonly DocumentedModel[]): readonly Block[] {
  const ignoring = models.filter(({ result }) => result.deadlocks === 'ignored');
  if (ignoring.length === 0) return [];
  const where =
    ignoring.length === models.length
      ? []
      : [
          text(' in '),
          ...joined(
            ignoring.map(({ label }) => [code(label)]),
            ', ',
          ),
        ];
  return [paragraph(text('Whether there are deadlocks is not judged'), ...where, text('.'))];
}

/** The models of one file in few columns: what differs between them, and what does not hold. */
export function modelTable(models: readonly DocumentedModel[], stories: Stories): Block {
  const { varying } = parametersOf(models);
  return table(
    [
      'Model',
      ...varying.map((name) => ({ head: [code(name)], align: 'left' as const })),
      { head: [text('States')], align: 'right' },
      'Does not hold, after so many steps',
    ],
    models.map((model) => [
      describedLink(model, stories),
      ...varying.map((name): Inlines => [text(formatValue(model.result.parameters[name]))]),
      [text(formatCount(model.result.statistics.distinct))],
      violatedCell(model.result, stories),
    ]),
  );
}

/** `name = value` of the parameters that are the same in all models. */
export function constantParameters(models: readonly DocumentedModel[]): readonly Inlines[] {
  const [first] = models;
  return parametersOf(models).same.map((name) => [code(`${name} = ${formatValue(first!.result.parameters[name])}`)]);
}

/** A model, and below its name what it is about. */
function describedLink(model: DocumentedModel, stories: Stories): Inlines {
  const about = firstSentence(model.system.model.doc);
  return [
    ...modelLink(model, stories),
    ...(about === '' ? [] : [{ kind: 'break' } as const, ...commentInlines(about)]),
  ];
}

function modelLink({ label, result }: DocumentedModel, stories: Stories): Inlines {
  return [link(stories.get(result)!.href, code(label))];
}

function violatedCell(result: CheckResult, stories: Stories): Inlines {
  if (result.refusals.length > 0) return [text('cannot be checked')];
  const cells = result.verdicts.flatMap((verdict): readonly Inlines[] => {
    const { name, outcome } = verdict;
    if (outcome.kind === 'unreachable') return [[text(`${name} is not reached`)]];
    if (outcome.kind !== 'violated') return [];
    return [[...linked(result, verdict, stories, text(name)), text(` ${formatCount(outcome.trace.steps.length)}`)]];
  });
  return cells.length === 0 ? [text('–')] : joined(cells, ', ');
}

function linked(result: CheckResult, { name }: Verdict, stories: Stories, content: Inline): Inlines {
  const href = stories.get(result)?.stories.get(name);
  return href === undefined ? [content] : [link(href, content)];
}

function verdictTable(
  models: readonly DocumentedModel[],
  stories: Stories,
  propertyHref: (name: string) => string | undefined,
): Block {
  const names = [
    ...new Map(models.flatMap(({ result }) => result.verdicts.map((verdict) => [verdict.name, verdict] as const))),
  ];
  return table(
    [
      'Model',
      ...names.map(([name, verdict]): Column => {
        const [href, head] = [propertyHref(name), text(nameOf(verdict))];
        return { head: [href === undefined ? head : link(href, head)], align: 'center' };
      }),
    ],
    models.map((model) => [
      modelLink(model, stories),
      ...names.map(([name]): Inlines => {
        const { result } = model;
        const verdict = result.verdicts.find((one) => one.name === name);
        if (verdict === undefined) return name === 'deadlock' && result.deadlocks === 'ignored' ? [text('–')] : [];
        const mark = text(verdict.vacuous === undefined ? MARK[verdict.outcome.kind] : VACUOUS);
        return linked(result, verdict, stories, verdict.asExpected ? mark : strong(mark));
      }),
    ]),
  );
}

/** Of what holds but says nothing about the model. */
const VACUOUS = '∅';

const MARK = { holds: '✓', violated: '✗', reached: '◆', unreachable: '◇', bounded: '…', error: '!' } as const;

/** More models than this are counted where they are the rule, and cut short where names do not matter. */
const MOST_LISTED = 12;

const GROUPS: readonly (readonly [Verdict['outcome']['kind'], string])[] = [
  ['violated', 'Violated in'],
  ['holds', 'Holds in'],
  ['reached', 'Reached in'],
  ['unreachable', 'Unreachable in'],
  ['bounded', 'Nothing found, but not everything explored, in'],
  ['error', 'Could not be judged in'],
];

/** Where a property holds and where not, and what fairness it needs. */
export function outcomesOf(name: string, models: readonly DocumentedModel[], stories: Stories): readonly Block[] {
  const found = models.flatMap((model) =>
    model.result.verdicts.filter((verdict) => verdict.name === name).map((verdict) => ({ model, verdict })),
  );
  const items = GROUPS.flatMap(([kind, words]): readonly (readonly Block[])[] => {
    const of = found.filter(({ verdict }) => verdict.outcome.kind === kind);
    if (of.length === 0) return [];
    if (kind === 'holds' && of.length > MOST_LISTED) {
      const others = of.length === found.length ? 'all' : 'the other';
      return [[paragraph(text(`${words} ${others} ${formatCount(of.length)} models`))]];
    }
    const names = of.map(({ model, verdict }) => {
      const content = code(model.label);
      const story = linked(model.result, verdict, stories, content);
      return story[0] === content ? modelLink(model, stories) : story;
    });
    return [[paragraph(text(`${words} `), ...joined(names, ', '))]];
  });
  return [
    ...(items.length === 0 ? [] : [{ kind: 'list' as const, ordered: false, items }]),
    ...adviceBlocks(name, models),
  ];
}

/** What fairness a property needs in each model, models with the same needs together. */
function adviceBlocks(name: string, models: readonly DocumentedModel[]): readonly Block[] {
  const groups = new Map<string, { readonly words: Inlines; readonly models: string[] }>();
  for (const { label, result } of models) {
    const advice = result.advice?.find(({ property }) => property === name);
    if (advice === undefined) continue;
    const key = JSON.stringify([advice.kind, advice.assumptions]);
    const known = groups.get(key);
    if (known !== undefined) known.models.push(label);
    else groups.set(key, { words: adviceWords(advice), models: [label] });
  }
  if (groups.size === 0) return [];
  return [
    paragraph(text('Fairness that it needs:')),
    {
      kind: 'list',
      ordered: false,
      items: Array.from(groups.values(), ({ words, models: names }) => [
        paragraph(
          ...joined(
            names.slice(0, MOST_LISTED).map((one) => [code(one)]),
            ', ',
          ),
          text(names.length > MOST_LISTED ? ` and ${formatCount(names.length - MOST_LISTED)} more: ` : ': '),
          ...words,
        ),
      ]),
    },
  ];
}

function adviceWords({ kind, assumptions }: NonNullable<CheckResult['advice']>[number]): Inlines {
  const names = assumptions.map(({ strength, name, when }): Inlines => [
    text(`${strength} `),
    code(name),
    ...(when === undefined || kind === 'needs' ? [] : [text(' when '), code(when)]),
  ]);
  switch (kind) {
    case 'needs':
      return names.length === 0 ? [text('none')] : joined(names, ', ');
    case 'add':
      return [text('does not hold; would with '), ...joined(names, ', ')];
    case 'none':
      return [text('does not hold with any fairness of actions or processes')];
  }
}
