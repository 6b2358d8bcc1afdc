import type { StepText } from './pseudocode.ts';
import type { Graph } from '../diagram/graph.ts';
import type { Process } from '../ir/index.ts';
import { commentBlocks } from './comment.ts';
import { code, joined, link, paragraph, text } from './document.ts';
import type { Block, Inlines } from './document.ts';
import type { CopiedText, ToldPlace, ToldRoutine } from './routine.ts';
import { fittingDrawings } from './fitting-drawing.ts';
import { possibleWhen, signature, standsFor, where } from './sections.ts';
import type { Page } from './sections.ts';
import { declarationKey } from './spec-parts.ts';
import type { Part } from './spec-parts.ts';

/** A process: its drawing and its steps, then those of each function that it calls at several places, each once. */
export function routineBlocks(
  page: Page,
  { system, item }: Part<Process>,
  routines: readonly ToldRoutine[],
): readonly Block[] {
  const headingOf = ({ name }: ToldRoutine): Block & { readonly kind: 'heading' } =>
    name === undefined
      ? page.headings.heading(2, ...signature(item.name, item.arguments))
      : page.headings.heading(3, code(name));
  const told = routines.map((routine) => {
    const heading = headingOf(routine);
    const anchors = new Map<string, string>();
    const blocks = routine.places.flatMap((place) => {
      const own = placeBlocks(page, { system, item }, place);
      const [head] = own;
      if (head?.kind !== 'heading') return own;
      anchors.set(place.name, `#${head.id}`);
      for (const action of place.copies) page.anchors?.set(declarationKey(system, action), head.id);
      return own;
    });
    return { routine, heading, anchors, blocks };
  });
  const functions = new Map(told.map(({ routine, heading }) => [routine.name, `#${heading.id}`]));
  return told.flatMap(({ routine, heading, anchors, blocks }) => {
    const calleeOf = new Map(routine.places.map(({ name, callee }) => [name, callee]));
    const graph = routine.drawn((place) => {
      const callee = calleeOf.get(place);
      return callee === undefined ? anchors.get(place) : functions.get(callee);
    });
    return [
      heading,
      ...aboutRoutine(
        page,
        { system, item },
        routine,
        told.slice(1).map((one) => one.heading),
      ),
      ...drawingBlocks(graph, routine, routine.name ?? item.name),
      ...blocks,
    ];
  });
}

/** One drawing, or where it would be too wide, one for each function that the steps are written in. */
function drawingBlocks(graph: Graph, { places }: ToldRoutine, name: string): readonly Block[] {
  const functions = new Map(places.map((place) => [place.name, place.within]));
  const drawings = fittingDrawings(graph, (node) => functions.get(node) ?? '', `control flow of ${name}`);
  return drawings.flatMap(({ name: within, drawing }) => [
    ...(within === '' ? [] : [paragraph(text('In '), code(within), text(', with arrows that leave it ending at →:'))]),
    drawing.block,
  ]);
}

function aboutRoutine(
  page: Page,
  part: Part<Process>,
  { name, calls }: ToldRoutine,
  functions: readonly (Block & { readonly kind: 'heading' })[],
): readonly Block[] {
  if (name === undefined) {
    const links = joined(
      functions.map((one): Inlines => [link(`#${one.id}`, ...one.content)]),
      ', ',
    );
    return [
      ...commentBlocks(part.item.doc),
      paragraph(
        text('Declared at '),
        ...where(page, part),
        ...standsFor(part.item.doc),
        text('. An arrow is a step, named by the label that it starts at.'),
        ...(functions.length === 0
          ? []
          : [text(' Functions that it calls at several places are told once: '), ...links, text('.')]),
      ),
    ];
  }
  const called = joined(
    calls.map((call): Inlines => [code(call)]),
    ', ',
  );
  return [paragraph(text('Called as '), ...called, text('; what comes after it is told with each call.'))];
}

/** A step, or what comes after a call; nothing where neither is. */
function placeBlocks(page: Page, { system, item }: Part<Process>, place: ToldPlace): readonly Block[] {
  const { name, callee, action, texts, timeouts } = place;
  if (callee !== undefined) {
    if (texts.length === 0) return [];
    const heading = page.headings.heading(4, text('after '), code(name));
    return [
      heading,
      ...copiedBlocks(
        texts,
        (guard) => guard.map((one) => `when (${one})`),
        () => [],
      ),
    ];
  }
  if (action === undefined) return [];
  const [first] = texts;
  const possible = (step: StepText): Inlines => possibleWhen({ system, item: action }, step);
  return [
    page.headings.heading(4, code(name)),
    ...commentBlocks(action.doc),
    paragraph(
      ...where(page, { system, item: action }),
      ...standsFor(action.doc),
      ...(texts.length === 1 ? [text(' · '), ...possible(first!)] : []),
    ),
    ...copiedBlocks(texts, () => [], possible),
    ...(timeouts.length === 0
      ? []
      : [
          paragraph(text('Or it times out, which no fairness of '), code(item.name), text(' promises:')),
          ...copiedBlocks(
            timeouts,
            (guard) => guard.map((one) => `when (${one})`),
            () => [],
          ),
        ]),
  ];
}

/**
 * What is done, once for all copies that do the same.
 *
 * @param before - lines for conditions, where they stand in the text.
 * @param possible - words for conditions, where there are several texts.
 */
function copiedBlocks(
  texts: readonly CopiedText[],
  before: (guard: readonly string[]) => readonly string[],
  possible: (step: StepText) => Inlines,
): readonly Block[] {
  return texts.flatMap(({ calls, guard, effect }): readonly Block[] => {
    const lines = [...before(guard), ...effect];
    const told: readonly Block[] = lines.length === 0 ? [] : [{ kind: 'code', language: '', text: lines.join('\n') }];
    if (texts.length === 1) return told;
    const called = joined(
      calls.map((call): Inlines => [code(call)]),
      ', ',
    );
    return [paragraph(text('In '), ...called, text(': '), ...possible({ guard, effect })), ...told];
  });
}
