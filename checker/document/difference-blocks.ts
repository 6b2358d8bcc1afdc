import { code, joined, link, paragraph, strong, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import type { Page } from '../../dsl/docgen/sections.ts';
import { mutantsChanging, outcomeChanges } from './difference-outcomes.ts';
import type { VariantOutcomes } from './difference-outcomes.ts';
import { placeKey, summaryOf } from './difference-summary.ts';
import type { SummaryPlace, SummaryRow } from './difference-summary.ts';
import { mutantTable } from './overview.ts';
import { differencesBetween, isEmpty } from './variant-differences.ts';
import type { OnlyIn, PlaceDifference, ProcessDifference, RoutineDifference } from './variant-differences.ts';
import type { VariantProtocol } from './variants.ts';

/**
 * What each variant does otherwise than the one before it: what came of that, what it is in short, and line by line.
 *
 * Each beside the one before: variants are declared in the order in which a protocol was changed, so this is what a change
 * changed. Beside the last one, which may be the right one, every difference would be shown once for each older variant.
 *
 * @param pageOf - the page of a variant; undefined where it has none.
 * @param outcomes - absent: what came of the models is not told.
 */
export function differenceBlocks(
  page: Page,
  protocols: readonly VariantProtocol[],
  pageOf: (protocol: VariantProtocol) => string | undefined,
  outcomes?: VariantOutcomes,
): readonly Block[] {
  const pairs = protocols
    .slice(1)
    .map((second, index) => new Pair(page, [protocols[index]!, second], pageOf, outcomes).blocks());
  const ways = pairs.flatMap(([heading]): readonly Inlines[] =>
    heading?.kind === 'heading' ? [[link(`#${heading.id}`, ...heading.content)]] : [],
  );
  return [
    paragraph(
      text(
        'Each variant beside the one before it, in the order in which they are declared: what was changed each time. Steps that are not here are the same in both.',
      ),
      ...(ways.length < 2 ? [] : [text(' '), ...joined(ways, ', '), text('.')]),
    ),
    ...pairs.flat(),
  ];
}

type Titles = readonly [string, string];

/** Two variants side by side. */
class Pair {
  readonly #page: Page;
  readonly #protocols: readonly [VariantProtocol, VariantProtocol];
  readonly #pageOf: (protocol: VariantProtocol) => string | undefined;
  readonly #outcomes: VariantOutcomes | undefined;
  readonly #titles: Titles;

  constructor(
    page: Page,
    protocols: readonly [VariantProtocol, VariantProtocol],
    pageOf: (protocol: VariantProtocol) => string | undefined,
    outcomes: VariantOutcomes | undefined,
  ) {
    this.#page = page;
    this.#protocols = protocols;
    this.#pageOf = pageOf;
    this.#outcomes = outcomes;
    this.#titles = [protocols[0].name, protocols[1].name];
  }

  blocks(): readonly Block[] {
    const [first, second] = this.#protocols;
    const { headings } = this.#page;
    const differences = differencesBetween(first, second);
    const { processes, actions, start, variables } = differences;
    const whole = this.#protocols.flatMap((protocol): readonly Inlines[] => {
      const href = this.#pageOf(protocol);
      return href === undefined ? [] : [[link(href, code(protocol.name))]];
    });
    const heading = headings.heading(2, text('From '), code(first.name), text(' to '), code(second.name));
    const rows = summaryOf(differences, this.#protocols);
    // Headings get their names in the order in which they are made.
    const told = processes.map((process) => ({ process, heading: headings.heading(3, code(process.name)) }));
    const hrefs = new Map(told.map(({ process, heading: { id } }) => [process.name, `#${id}`]));
    const actionHeading = actions.length === 0 ? undefined : headings.heading(3, text('Actions'));
    return [
      heading,
      ...(whole.length === 0 ? [] : [paragraph(text('Whole: '), ...joined(whole, ', '), text('.'))]),
      ...(this.#outcomes === undefined ? [] : outcomeChanges(this.#outcomes, this.#titles)),
      ...(isEmpty(differences) ? [paragraph(text('Both do the same.'))] : []),
      ...(rows.length === 0 ? [] : this.#summary(rows, hrefs)),
      ...onlyParagraphs('Variables and locals that only', 'uses', variables, this.#titles),
      ...(start.length === 0 ? [] : [paragraph(text('At the start:')), difference(this.#titles, start)]),
      ...told.flatMap(({ process, heading: own }) => [own, ...this.#process(process)]),
      ...(actionHeading === undefined
        ? []
        : [
            actionHeading,
            folded(
              actions.length,
              actions.flatMap((one) => this.#place(one)),
            ),
          ]),
    ];
  }

  /** A row for all places of which the same is to be said, then the models that leave something of it out. */
  #summary(rows: readonly SummaryRow[], hrefs: ReadonlyMap<string, string>): readonly Block[] {
    const outcomes = this.#outcomes;
    const mutants = outcomes === undefined ? [] : mutantsChanging(outcomes, this.#protocols[1]);
    const cells = rows.map((row) => ({
      row,
      those: mutants.filter(({ places }) => row.places.some((place) => places.has(placeKey(place)))),
    }));
    const told = mutants.filter((mutant) => cells.some(({ those }) => those.includes(mutant)));
    const columns = ['Where', 'What is different', ...(told.length === 0 ? [] : ['Is not, or not so, in'])];
    const names = (those: typeof mutants): Inlines =>
      joined(
        those.map(({ model, href }): Inlines => [link(href, code(model.system.model.name))]),
        ', ',
      );
    return [
      table(
        columns,
        cells.map(({ row, those }) => [
          placesCell(row.places, hrefs),
          this.#changeCell(row),
          ...(told.length === 0 ? [] : [names(those)]),
        ]),
      ),
      ...(outcomes === undefined || told.length === 0
        ? []
        : [
            paragraph(text('What fails in models that leave something of that out:')),
            mutantTable(
              told.map(({ model }) => model),
              outcomes.stories,
            ),
          ]),
    ];
  }

  #changeCell({ kind, removed, added }: SummaryRow): Inlines {
    const [first, second] = this.#titles;
    if (kind === 'gone') return [text('only in '), code(first)];
    if (removed.length + added.length === 0) return [text('the same in another order, or with other bounds')];
    const head = kind === 'added' ? [[text('only in '), code(second)]] : [];
    const listed = (sign: string, list: readonly string[]): readonly Inlines[] => {
      if (list.length === 0) return [];
      const shown = joined(
        list.slice(0, MOST_LINES).map((line): Inlines => [code(shortened(line))]),
        ', ',
      );
      const more = list.length - MOST_LINES;
      return [[strong(text(sign)), text(' '), ...shown, ...(more <= 0 ? [] : [text(` and ${more} more`)])]];
    };
    return lines([...head, ...listed('−', removed), ...listed('+', added)]);
  }

  #process({ name, only, routines }: ProcessDifference): readonly Block[] {
    if (only !== undefined) return [onlyBlock('The process is only in', only, this.#titles)];
    const count = routines.reduce((sum, { alone, changed }) => sum + alone.length + changed.length, 0);
    return [
      folded(
        count,
        routines.flatMap((routine) => this.#routine(routine)),
        name,
      ),
    ];
  }

  #routine(routine: RoutineDifference): readonly Block[] {
    const { name, only, places, alone, changed, arrows } = routine;
    return [
      ...(name === undefined ? [] : [paragraph(text('In '), code(name), text(', which it calls at several places:'))]),
      ...(only === undefined ? [] : [onlyBlock('That is only in', only, this.#titles)]),
      ...onlyParagraphs('Steps and calls that only', 'has', places, this.#titles),
      ...[...alone, ...changed].flatMap((place) => this.#place(place)),
      ...onlyParagraphs('Arrows that only', 'has', arrows, this.#titles),
    ];
  }

  #place({ name, isCall, lines: own }: PlaceDifference): readonly Block[] {
    const isWordless = 0 < own.length && own.every(({ side }) => side === 'both');
    return [
      this.#page.headings.heading(4, ...(isCall ? [text('after ')] : []), code(name)),
      ...(isWordless ? [paragraph(text('The same words, but bounds of what it works with are others.'))] : []),
      ...(own.length === 0 ? [paragraph(text('It does nothing but go on.'))] : [difference(this.#titles, own)]),
    ];
  }
}

/** More lines than this are counted: they stand below. */
const MOST_LINES = 4;

/** Of a line so much is shown. */
const LONGEST_LINE = 60;

function shortened(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE - 1)}…`;
}

function lines(list: readonly Inlines[]): Inlines {
  return list.flatMap((line, index) => (index === 0 ? line : [{ kind: 'break' } as const, ...line]));
}

/** `purge, writer: call`: processes in which the same places are meant are shown together. */
function placesCell(places: readonly SummaryPlace[], hrefs: ReadonlyMap<string, string>): Inlines {
  const byProcess = new Map<string, Inlines[]>();
  for (const { process, routine, name, isCall } of places) {
    const words: Inlines = [
      ...(isCall ? [text('after ')] : []),
      code(name),
      ...(routine === undefined ? [] : [text(' in '), code(routine)]),
    ];
    byProcess.set(process, [...(byProcess.get(process) ?? []), words]);
  }
  const byWords = new Map<string, { readonly processes: string[]; readonly words: readonly Inlines[] }>();
  for (const [process, words] of byProcess) {
    const key = JSON.stringify(words);
    const known = byWords.get(key) ?? { processes: [], words };
    byWords.set(key, known);
    known.processes.push(process);
  }
  return lines(
    Array.from(byWords.values(), ({ processes, words }): Inlines => [
      ...joined(
        processes.map((process): Inlines => {
          const href = hrefs.get(process);
          return process === '' ? [] : [href === undefined ? text(process) : link(href, text(process))];
        }),
        ', ',
      ),
      ...(processes.includes('') ? [] : [text(': ')]),
      ...joined(words, ', '),
    ]),
  );
}

/** Line by line, for whoever asks for it. */
function folded(count: number, blocks: readonly Block[], process?: string): Block {
  const where = process === undefined ? '' : ` of ${process}`;
  return {
    kind: 'details',
    summary: [text(`Line by line: ${count} ${count === 1 ? 'step' : 'steps'}${where}`)],
    blocks,
  };
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

function difference(titles: Titles, own: PlaceDifference['lines']): Block {
  return { kind: 'difference', titles, lines: own };
}
