import {
  anchor,
  code,
  joined,
  link,
  linkTo,
  paragraph,
  plainText,
  strong,
  table,
  text,
} from '../../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../../dsl/docgen/document.ts';
import { formatStep } from '../../plan/step-name.ts';
import { counted, formatCount } from '../../report/wording.ts';
import type { DocumentedModel } from '../documented-model.ts';
import type { Variants } from '../overview.ts';
import type { StepHref } from '../step-table.ts';
import { waitRows } from './wait-rows.ts';
import type { EndlessWait, StepIn, WaitingGroup, WaitRow } from './wait-rows.ts';

/**
 * Who waits for what and whose steps end that, in one table; empty where no thread of a process ever waits.
 *
 * @param variants - where there are some: of each of them, and not of models that leave something out.
 */
export function waitBlocks(
  models: readonly DocumentedModel[],
  stepHref: StepHref,
  variants?: Variants,
): readonly Block[] {
  const groups: readonly WaitingGroup[] = variants?.groups.map(({ value, models: own }) => ({
    name: value,
    models: own,
  })) ?? [{ name: '', models }];
  const rows = waitRows(groups);
  if (rows.length === 0) return [];
  const told = groups.flatMap((group) => group.models);
  const cut = told.filter(({ result }) => result.waits?.cut !== undefined);
  const isForever = rows.some(({ forever }) => 0 < forever.size);
  const runs = new EndlessRuns();
  const columns = ['Waits for', 'Who waits', 'What ends it', ...(isForever ? ['Can last for ever'] : [])];
  return [
    paragraph(
      text([ABOUT, ...(1 < groups.length ? [ABOUT_VARIANTS] : []), ...(isForever ? [ABOUT_FOREVER] : [])].join(' ')),
    ),
    table(
      columns,
      rows.map((row) => [
        [...row.words, ...where(row.groups, new Set(groups.map(({ name }) => name)))],
        stepsCell(row.waiting, row, stepHref),
        row.enders.length === 0 ? [strong(text('nothing'))] : stepsCell(row.enders, row, stepHref),
        ...(isForever ? [foreverCell(row, groups, runs)] : []),
      ]),
    ),
    ...runs.blocks(),
    ...(cut.length === 0
      ? []
      : [
          paragraph(
            text('Not all was looked at: of '),
            ...joined(
              cut.map(({ label, result }): Inlines => [
                code(label),
                text(` the first ${counted(result.waits!.states, 'state')}`),
              ]),
              ', ',
            ),
            text('.'),
          ),
        ]),
  ];
}

const ABOUT =
  'A thread waits where its next step is not possible: for the first part of the guard of that step that is false. Its wait is ended by a step of another thread after which that part is true. All of this was seen in reachable states. [·] stands for any key.';

const ABOUT_VARIANTS = 'The variants stand in parentheses where something is not so in all of them.';

const ABOUT_FOREVER =
  'A wait can last for ever where there is a state from which no step that can still come ends it; the number is that of the steps to the nearest such state, and leads to them. That state may be a deadlock, and it may be harmless: a thread that waits for work when all others have ended. Starving is another matter, and not counted here: who waits for something that comes again and again, and never gets it, is found where a temporal property fails in a loop, and cured by fairness.';

/** Processes below each other, each with its steps: `worker: test, sleep`. What is not so in all variants is apart. */
function stepsCell(steps: readonly StepIn[], row: WaitRow, stepHref: StepHref): Inlines {
  const lines = new Map<string, { readonly head: Inlines; readonly names: Inlines[] }>();
  for (const step of steps) {
    const process = processOf(step.action);
    const only = where(step.groups, row.groups);
    const head = process === '' ? [] : [text(process), ...only];
    const key = process === '' ? step.name : plainText(head);
    const line = lines.get(key) ?? { head, names: [] };
    lines.set(key, line);
    line.names.push([
      linkTo(stepHref(step.system, step.action), code(withoutProcess(step, process))),
      ...(step.timesOut ? [text(' or its time-out')] : []),
      ...(process === '' ? only : []),
    ]);
  }
  return [...lines.values()].flatMap(({ head, names }, index): Inlines => [
    ...(index === 0 ? [] : [{ kind: 'break' } as const]),
    ...head,
    ...(head.length === 0 ? [] : [text(': ')]),
    ...joined(names, ', '),
  ]);
}

function processOf({ process, timeout }: StepIn['action']): string {
  return (process ?? timeout)?.name ?? '';
}

function withoutProcess({ name }: StepIn, process: string): string {
  return name.startsWith(`${process}.`) ? name.slice(process.length + 1) : name;
}

/** The variants in which something is so, where those are not all. */
function where(groups: ReadonlySet<string>, all: ReadonlySet<string>): Inlines {
  if (groups.size === all.size) return [];
  return [text(` (${[...groups].join(', ')})`)];
}

function foreverCell({ forever, groups: own }: WaitRow, groups: readonly WaitingGroup[], runs: EndlessRuns): Inlines {
  if (forever.size === 0) return [text('–')];
  const [only] = groups;
  if (groups.length === 1) return runs.linkTo(forever.get(only!.name)!);
  return joined(
    groups.flatMap(({ name }): readonly Inlines[] => {
      const endless = forever.get(name);
      return !own.has(name) || endless === undefined ? [] : [[text(`${name} `), ...runs.linkTo(endless)]];
    }),
    ', ',
  );
}

/** The ways to waits that nothing ends any more: each once. Mutable on purpose: it gathers them. */
class EndlessRuns {
  readonly #items = new Map<string, { readonly place: ReturnType<typeof anchor>; readonly shown: EndlessWait }>();

  /** The number of steps, with a link to them. */
  linkTo(endless: EndlessWait): Inlines {
    const { label, step, depth, way } = endless;
    const words = text(formatCount(depth));
    if (way === undefined) return [words];
    const key = JSON.stringify([label, step, way.map(formatStep)]);
    const known = this.#items.get(key) ?? { place: anchor('wait', String(this.#items.size + 1)), shown: endless };
    this.#items.set(key, known);
    return [link(`#${known.place.id}`, words)];
  }

  blocks(): readonly Block[] {
    if (this.#items.size === 0) return [];
    const items = Array.from(this.#items.values(), ({ place, shown: { label, step, way } }): readonly Block[] => [
      paragraph(
        place,
        text('In '),
        code(label),
        text(': '),
        ...joined(
          way!.map((one): Inlines => [code(formatStep(one))]),
          ', ',
        ),
        text('; then nothing that can follow ends the wait at '),
        code(step),
        text('.'),
      ),
    ]);
    return [
      {
        kind: 'details',
        summary: [text('The steps to waits that can last for ever')],
        blocks: [{ kind: 'list', ordered: true, items }],
      },
    ];
  }
}
