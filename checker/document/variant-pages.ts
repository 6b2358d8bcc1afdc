import { code, joined, link, linkTo, paragraph, plainText, slugOf, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Document, Inlines } from '../../dsl/docgen/document.ts';
import { routineBlocks } from '../../dsl/docgen/routine-sections.ts';
import { actionBlocks, signature } from '../../dsl/docgen/sections.ts';
import type { Page } from '../../dsl/docgen/sections.ts';
import { declarationKey } from '../../dsl/docgen/spec-parts.ts';
import type { SpecParts } from '../../dsl/docgen/spec-parts.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { Action, System } from '../../dsl/ir/index.ts';
import { differenceBlocks } from './difference-blocks.ts';
import type { VariantOutcomes } from './difference-outcomes.ts';
import { isLarge } from './pages.ts';
import type { Further, SpecPage } from './pages.ts';
import { declarationSections } from './spec-page.ts';
import type { DocumentedSpec } from './spec-page.ts';
import type { StepHref } from './step-table.ts';
import { wordsOf } from './variants.ts';
import type { VariantProcess, VariantProtocol } from './variants.ts';

interface VariantPageSet {
  readonly pages: readonly SpecPage[];
  /** What each variant does otherwise than the one before it, once it is known what came of their models. */
  readonly differences: (outcomes: VariantOutcomes) => readonly SpecPage[];
  readonly stepHref: StepHref;
}

/**
 * What is declared, with the processes that are the same in all variants; then a page for each variant with those that
 * are not, or several where it is too large. What two variants have alike is shown where the first of them is.
 */
export function variantPages(
  further: Further,
  name: string,
  protocols: readonly VariantProtocol[],
  parts: SpecParts,
  spec: DocumentedSpec,
): VariantPageSet {
  const whole = new VariantPages(further, name, protocols, false);
  const isSplit = whole.pages().some(({ document }) => isLarge(document));
  const variants = isSplit ? new VariantPages(further, name, protocols, true) : whole;
  const differences = variants.differences();
  const first = further(name, 'the protocol', (page) => [
    paragraph(
      text('Variants: '),
      ...joined(
        protocols.map((one): Inlines => [link(`${variants.pageName(one)}.md`, code(one.name))]),
        ', ',
      ),
      text('. What they do alike stands here, what they do differently on the page of each. What was changed: '),
      ...joined(
        differences.map(({ name: file, document }): Inlines => [link(`${file!}.md`, text(titleIn(document)))]),
        ', ',
      ),
      text('.'),
    ),
    ...variants.overview(page),
    ...declarationSections(page, { ...parts, processes: [], actions: [] }, spec, parts),
    ...variants.commonBlocks(page),
  ]);
  return {
    pages: [...first, ...variants.pages()],
    differences: (outcomes) => variants.differences(outcomes),
    stepHref: (system, action) => variants.stepHref(system, action),
  };
}

/** The title of a page without the name of its spec. */
function titleIn({ title }: Document): string {
  return title.slice(title.indexOf(': ') + 2);
}

class VariantPages {
  readonly #further: Further;
  readonly #name: string;
  readonly #protocols: readonly VariantProtocol[];
  readonly #isSplit: boolean;
  #pages: readonly SpecPage[] | undefined;
  #areDifferencesSplit: boolean | undefined;
  /** Where steps are shown, by the name of the variant, which is empty for what is the same in all, and of the step. */
  readonly #told = new Map<string, string>();

  constructor(further: Further, name: string, protocols: readonly VariantProtocol[], isSplit: boolean) {
    this.#further = further;
    this.#name = name;
    this.#protocols = protocols;
    this.#isSplit = isSplit;
  }

  pageName({ name }: VariantProtocol): string {
    return `${this.#name}-${name.replaceAll(/[^\w-]+/g, '-')}`;
  }

  /** Where a step is shown as it is in the variant of a system. */
  stepHref(system: System, action: Action): string | undefined {
    const protocol = this.#protocols.find((one) => one.isOf(system));
    const name = (action.process ?? action.timeout)?.name;
    const process = protocol && name !== undefined ? processNamed(protocol, name) : undefined;
    if (protocol === undefined || process === undefined) return undefined;
    return this.#told.get(`${this.#ownerOf(protocol, process)?.name ?? ''}\n${declarationKey(system, action)}`);
  }

  #remember(page: Page, file: string, variant: string): void {
    for (const [key, id] of page.anchors ?? []) this.#told.set(`${variant}\n${key}`, `${file}.md#${id}`);
  }

  /** The pages of all variants; made once. */
  pages(): readonly SpecPage[] {
    this.#pages ??= this.#protocols.flatMap((protocol) => this.#pagesOf(protocol));
    return this.#pages;
  }

  /** What each does otherwise than the one before it, on one page or on one for each. */
  differences(outcomes?: VariantOutcomes): readonly SpecPage[] {
    const pageOf = (protocol: VariantProtocol): string => `${this.pageName(protocol)}.md`;
    const ways: readonly Inlines[] = [[link(`${this.#name}.md`, text('the protocol'))]];
    const whole = this.#further(
      `${this.#name}-differences`,
      'differences between the variants',
      (page) => differenceBlocks(page, this.#protocols, pageOf, outcomes),
      ways,
    );
    this.#areDifferencesSplit ??= whole.some(({ document }) => isLarge(document)); // whatever is told later
    if (!this.#areDifferencesSplit) return whole;
    return this.#protocols.slice(1).flatMap((second, index) => {
      const first = this.#protocols[index]!;
      return this.#further(
        `${this.pageName(second)}-differences`,
        `from ${first.name} to ${second.name}`,
        (page) => differenceBlocks(page, [first, second], pageOf, outcomes),
        ways,
      );
    });
  }

  /** Each process in each variant. */
  overview({ headings }: Page): readonly Block[] {
    const names = [...new Set(this.#protocols.flatMap(({ processes }) => processes.map(({ part }) => part.item.name)))];
    if (names.length === 0) return [];
    const columns = this.#protocols.map((one) => ({
      head: [link(`${this.pageName(one)}.md`, code(one.name))],
      align: 'left' as const,
    }));
    const rows = names.map((name): readonly Inlines[] => [
      [code(name)],
      ...this.#protocols.map((protocol): Inlines => {
        const process = processNamed(protocol, name);
        if (process === undefined) return [text('does nothing')];
        const owner = this.#ownerOf(protocol, process);
        const words = owner === undefined ? 'the same in all' : owner === protocol ? 'its own' : `as in ${owner.name}`;
        return [linkTo(this.#hrefOf(protocol, process), text(words))];
      }),
    ]);
    return [
      headings.heading(2, text('Which process is different in which variant')),
      table(['Process', ...columns], rows),
    ];
  }

  /** What is the same in all variants. */
  commonBlocks(page: Page): readonly Block[] {
    const [first] = this.#protocols;
    const own = first!.processes.filter((process) => this.#ownerOf(first!, process) === undefined);
    const actions = first!.actions.filter((action) => this.#isCommon(wordsOf(action)));
    const blocks = own.flatMap(({ part, routines }) => routineBlocks(page, part, routines));
    this.#remember(page, this.#name, '');
    if (actions.length === 0) return blocks;
    return [
      ...blocks,
      page.headings.heading(2, text('Actions')),
      ...actions.flatMap((one) => actionBlocks(page, 3, one)),
    ];
  }

  #isCommon(words: string): boolean {
    return this.#protocols.every(({ actions }) => actions.some((action) => wordsOf(action) === words));
  }

  /** The first variant with a process that is shown in the same words; undefined when all have it. */
  #ownerOf(protocol: VariantProtocol, { part, words }: VariantProcess): VariantProtocol | undefined {
    const alike = this.#protocols.filter((one) => processNamed(one, part.item.name)?.words === words);
    return alike.length === this.#protocols.length ? undefined : (alike[0] ?? protocol);
  }

  #hrefOf(protocol: VariantProtocol, process: VariantProcess): string {
    const owner = this.#ownerOf(protocol, process);
    const { item } = process.part;
    const anchor = slugOf(plainText(signature(item.name, item.arguments)));
    if (owner === undefined) return `${this.#name}.md#${anchor}`;
    return this.#isSplit ? `${this.pageName(owner)}-${item.name}.md` : `${this.pageName(owner)}.md#${anchor}`;
  }

  #pagesOf(protocol: VariantProtocol): readonly SpecPage[] {
    const name = this.pageName(protocol);
    const own = protocol.processes.filter((process) => this.#ownerOf(protocol, process) === protocol);
    const blocksOf = (page: Page, file: string, processes: readonly VariantProcess[]): readonly Block[] => {
      const blocks = processes.flatMap(({ part, routines }) => routineBlocks(page, part, routines));
      this.#remember(page, file, protocol.name);
      return blocks;
    };
    return [
      ...this.#further(
        name,
        `the protocol, ${protocol.name}`,
        (page) => [
          ...this.#about(protocol),
          ...(this.#isSplit ? [] : blocksOf(page, name, own)),
          ...this.#ownActions(page, protocol),
        ],
        this.#waysTo(protocol, undefined),
      ),
      ...(this.#isSplit
        ? own.flatMap((process) => {
            const { item } = process.part;
            const file = `${name}-${item.name}`;
            return this.#further(
              file,
              `${item.name}, ${protocol.name}`,
              (page) => blocksOf(page, file, [process]),
              this.#waysTo(protocol, item.name),
            );
          })
        : []),
    ];
  }

  /** To the same in the other variants. */
  #waysTo(protocol: VariantProtocol, process: string | undefined): readonly Inlines[] {
    const variants = this.#protocols.map((one): Inlines => {
      const its = process === undefined ? undefined : processNamed(one, process);
      const href = its === undefined ? `${this.pageName(one)}.md` : this.#hrefOf(one, its);
      return [one === protocol && process === undefined ? code(one.name) : link(href, code(one.name))];
    });
    return [[link(`${this.#name}.md`, text('the protocol'))], joined(variants, ', ')];
  }

  /** What is put in, what is shown elsewhere, and what is left out. */
  #about(protocol: VariantProtocol): readonly Block[] {
    const { values, processes, leftOut, idle } = protocol;
    const names = (list: readonly string[]): Inlines =>
      joined(
        list.map((one): Inlines => [code(one)]),
        ', ',
      );
    const told = processes.map((process): Inlines => {
      const owner = this.#ownerOf(protocol, process);
      const where = owner === undefined ? ' (as in all variants)' : owner === protocol ? '' : ` (as in ${owner.name})`;
      return [link(this.#hrefOf(protocol, process), code(process.part.item.name)), text(where)];
    });
    const gone = [...leftOut].map(([process, steps]): Inlines => {
      const own = steps.map((step) => (process === '' ? step : step.slice(process.length + 1)));
      return [...(process === '' ? [text('actions ')] : [text('of '), code(process), text(' ')]), ...names(own)];
    });
    return [
      paragraph(
        text('With '),
        ...names(values.map(({ name, value }) => `${name} = ${formatValue(value)}`)),
        text(' put in; what other parameters decide is still asked.'),
      ),
      ...(told.length === 0 ? [] : [paragraph(text('Processes: '), ...joined(told, ', '), text('.'))]),
      ...(gone.length === 0
        ? []
        : [paragraph(text('Left out, as these values rule them out: '), ...joined(gone, '; '), text('.'))]),
      ...(idle.length === 0 ? [] : [paragraph(text('Processes that do nothing here: '), ...names(idle), text('.'))]),
    ];
  }

  #ownActions(page: Page, { actions }: VariantProtocol): readonly Block[] {
    const own = actions.filter((action) => !this.#isCommon(wordsOf(action)));
    if (own.length === 0) return [];
    return [page.headings.heading(2, text('Actions')), ...own.flatMap((one) => actionBlocks(page, 3, one))];
  }
}

function processNamed({ processes }: VariantProtocol, name: string): VariantProcess | undefined {
  return processes.find(({ part }) => part.item.name === name);
}
