import { code, joined, link, paragraph, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import type { Page } from '../../dsl/docgen/sections.ts';
import { differencesBetween, isEmpty } from './variant-differences.ts';
import type { OnlyIn, PlaceDifference, ProcessDifference, RoutineDifference } from './variant-differences.ts';
import type { VariantProtocol } from './variants.ts';

/**
 * What each variant does otherwise than the one before it.
 *
 * Each beside the one before: variants are declared in the order in which a protocol was changed, so this is what a change
 * changed. Beside the last one, which may be the right one, every difference would be told once for each older variant.
 *
 * @param pageOf - the page of a variant.
 */
export function differenceBlocks(
  page: Page,
  protocols: readonly VariantProtocol[],
  pageOf: (protocol: VariantProtocol) => string,
): readonly Block[] {
  return [
    paragraph(
      text(
        'Each variant beside the one before it, in the order in which they are declared: what was changed each time. Steps that are not here are the same in both. Lines that only one of them has are marked.',
      ),
    ),
    ...protocols.slice(1).flatMap((second, index) => pairBlocks(page, protocols[index]!, second, pageOf)),
  ];
}

function pairBlocks(
  page: Page,
  first: VariantProtocol,
  second: VariantProtocol,
  pageOf: (protocol: VariantProtocol) => string,
): readonly Block[] {
  const titles: Titles = [first.name, second.name];
  const differences = differencesBetween(first, second);
  const { processes, actions, start, variables } = differences;
  const linked = (protocol: VariantProtocol): Inlines => [link(pageOf(protocol), code(protocol.name))];
  return [
    page.headings.heading(2, text('From '), code(first.name), text(' to '), code(second.name)),
    paragraph(text('Whole: '), ...linked(first), text(', '), ...linked(second), text('.')),
    ...(isEmpty(differences) ? [paragraph(text('Both do the same.'))] : []),
    ...onlyParagraphs('Variables and locals that only', 'uses', variables, titles),
    ...(start.length === 0 ? [] : [paragraph(text('At the start:')), difference(titles, start)]),
    ...processes.flatMap((process) => processBlocks(page, process, titles)),
    ...(actions.length === 0
      ? []
      : [page.headings.heading(3, text('Actions')), ...actions.flatMap((one) => placeBlocks(page, one, titles))]),
  ];
}

type Titles = readonly [string, string];

function processBlocks(page: Page, { name, only, routines }: ProcessDifference, titles: Titles): readonly Block[] {
  return [
    page.headings.heading(3, code(name)),
    ...(only === undefined ? [] : [onlyBlock('The process is only in', only, titles)]),
    ...routines.flatMap((routine) => routineBlocks(page, routine, titles)),
  ];
}

function routineBlocks(page: Page, routine: RoutineDifference, titles: Titles): readonly Block[] {
  const { name, only, places, alone, changed, arrows } = routine;
  return [
    ...(name === undefined ? [] : [paragraph(text('In '), code(name), text(', which it calls at several places:'))]),
    ...(only === undefined ? [] : [onlyBlock('That is only in', only, titles)]),
    ...onlyParagraphs('Steps and calls that only', 'has', places, titles),
    ...[...alone, ...changed].flatMap((place) => placeBlocks(page, place, titles)),
    ...onlyParagraphs('Arrows that only', 'has', arrows, titles),
  ];
}

function onlyBlock(words: string, only: 'first' | 'second', [first, second]: Titles): Block {
  return paragraph(text(`${words} `), code(only === 'first' ? first : second), text('.'));
}

function onlyParagraphs(words: string, verb: string, only: OnlyIn<string>, [first, second]: Titles): readonly Block[] {
  return [
    { title: first, items: only.first },
    { title: second, items: only.second },
  ].flatMap(({ title, items }) => {
    if (items.length === 0) return [];
    const names = joined(
      items.map((item): Inlines => [code(item)]),
      ', ',
    );
    return [paragraph(text(`${words} `), code(title), text(` ${verb}: `), ...names, text('.'))];
  });
}

function placeBlocks(page: Page, { name, isCall, lines }: PlaceDifference, titles: Titles): readonly Block[] {
  const isWordless = 0 < lines.length && lines.every(({ side }) => side === 'both');
  return [
    page.headings.heading(4, ...(isCall ? [text('after ')] : []), code(name)),
    ...(isWordless ? [paragraph(text('The same words, but bounds of what it works with are others.'))] : []),
    ...(lines.length === 0 ? [paragraph(text('It does nothing but go on.'))] : [difference(titles, lines)]),
  ];
}

function difference(titles: Titles, lines: PlaceDifference['lines']): Block {
  return { kind: 'difference', titles, lines };
}
