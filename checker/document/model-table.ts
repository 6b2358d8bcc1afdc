import { commentInlines, firstSentence } from '../../dsl/docgen/comment.ts';
import { code, joined, link, linkTo, strong, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import { parametersOf } from '../report/parameters.ts';
import { formatCount, nameOf } from '../report/wording.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';

/** Models by what came of them: what each is about, what fails, in what parameters they differ, how large they are. */
export function modelTable(models: readonly DocumentedModel[], stories: Stories, about = 'Model'): Block {
  const { varying } = parametersOf(models);
  const differing: Inlines[] = varying.length === 0 ? [] : [[text('Parameters')]];
  return table(
    [
      about,
      'Fails, as expected unless in bold',
      ...differing.map((head) => ({ head, align: 'left' as const })),
      { head: [text('States')], align: 'right' },
    ],
    models.map((model) => [
      describedLink(model, stories),
      failingCell(model.result, stories),
      ...differing.map(() => parameterCell(model, varying)),
      [text(formatCount(model.result.statistics.distinct))],
    ]),
  );
}

/** `name = value` of some parameters. */
function parameterCell({ result }: DocumentedModel, names: readonly string[]): Inlines {
  return joined(
    names.map((name) => [code(`${name} = ${formatValue(result.parameters[name])}`)]),
    ', ',
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
    link(stories.get(model.result)!.href, code(model.label)),
    ...(about === '' ? [] : [{ kind: 'break' } as const, ...commentInlines(about)]),
  ];
}

/** What fails, with the steps that show it. What is never reached is here only where it should be. */
export function failingCell(result: CheckResult, stories: Stories): Inlines {
  if (result.refusals.length > 0) return [strong(text('cannot be checked'))];
  const cells = result.verdicts.flatMap((verdict): readonly Inlines[] => {
    const { name, outcome, asExpected } = verdict;
    const emphasized = (content: Inlines): Inlines => (asExpected ? content : [strong(...content)]);
    if (outcome.kind === 'unreachable' && !asExpected) return [emphasized([text(`${name} is never reached`)])];
    if (outcome.kind === 'error') return [emphasized([text(`${name} could not be judged`)])];
    if (outcome.kind === 'holds' && !asExpected) return [emphasized([text(`${nameOf(verdict)} holds`)])];
    if (outcome.kind !== 'violated') return [];
    const href = stories.get(result)?.stories.get(name);
    const words = text(name === 'evaluation' ? 'a step fails' : name);
    const shown = [linkTo(href, words), text(` ${formatCount(outcome.trace.steps.length)}`)];
    return [emphasized(shown)];
  });
  return cells.length === 0 ? [text('nothing')] : joined(cells, ', ');
}
