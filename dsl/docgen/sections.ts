import { cardinality, formatValue } from '../ir/index.ts';
import type { Action, Argument, Domain, ObjectDomain, ObjectValue, Process, Variable } from '../ir/index.ts';
import { partAccessOf, partsOfVariable } from './access.ts';
import { commentBlocks, commentInlines } from './comment.ts';
import { controlFlowOf } from './control-flow.ts';
import { fittingDrawing } from './fitting-drawing.ts';
import { code, joined, link, paragraph, plainText, table, text } from './document.ts';
import type { Block, Headings, Inline, Inlines } from './document.ts';
import { guardWords } from './guard-words.ts';
import { membersNotation, typeNotation } from './notation.ts';
import { assumptionTexts, CLAIMS, formulaBlocks, assumedBy } from './property-text.ts';
import { initText, stepText } from './pseudocode.ts';
import type { StepText } from './pseudocode.ts';
import { glossaryOf, slotsOf } from '../ir/slots.ts';
import { sourceNameOf } from '../ir/told-names.ts';
import { declarationKey, sourceLink, sourceText, titleOf } from './spec-parts.ts';
import type { Part, SourceLinks, SpecParts } from './spec-parts.ts';

/** What the sections of a page share. */
export interface Page {
  readonly headings: Headings;
  readonly links: SourceLinks;
  /** Learns where each action is shown: the name of the heading, by {@link declarationKey}. */
  readonly anchors?: Map<string, string>;
}

/** Parameters: what they mean, and the value that the first model has. */
export function parameterSection(page: Page, { parameters }: SpecParts): readonly Block[] {
  if (parameters.length === 0) return [];
  const rows = parameters.map(({ system, item }): readonly Inlines[] => [
    [code(item.name)],
    declared(page, { system, item }),
    docCell(item.doc),
  ]);
  return [page.headings.heading(2, text('Parameters')), describedTable(['Parameter', 'Values', 'Meaning'], rows)];
}

/** Constants: how they are computed, and the value that the first model has. */
export function constantSection(page: Page, { constants, first }: SpecParts): readonly Block[] {
  if (constants.length === 0) return [];
  const model = first.model.name;
  const rows = constants.map(({ system, item }): readonly Inlines[] => [
    [code(item.name)],
    declared(page, { system, item }),
    [code(shortened(formatValue(item.value)))],
    docCell(item.doc),
  ]);
  return [
    page.headings.heading(2, text('Constants')),
    paragraph(text('Computed from the parameters; values are those of '), code(model), text('.')),
    describedTable(['Constant', 'Computed as', 'Value', 'Meaning'], rows),
  ];
}

/** A table has a cell for a value, not a page. */
function shortened(value: string): string {
  return value.length <= LONGEST_VALUE ? value : `${value.slice(0, LONGEST_VALUE)}…`;
}

const LONGEST_VALUE = 200;

/**
 * Variables with their domains, initial values and meaning.
 *
 * @param initial - initial states of the first model, or undefined when there are too many to look at.
 */
export function stateSection(
  page: Page,
  { variables, first }: SpecParts,
  initial: readonly ObjectValue[] | undefined,
): readonly Block[] {
  const model = first.model.name;
  const shown = variables.filter(({ item }) => !isCounter(item, variables));
  const rows = shown.map(({ system, item }): readonly Inlines[] => [
    [code(item.name)],
    domainCell(declared(page, { system, item }), typeNotation(item.domain)),
    initialCell(item, initial),
    item.process === undefined ? docCell(item.doc) : [text('local of '), code(item.process)],
  ]);
  const sets = idsIn([
    ...variables.map(({ item }) => item.domain),
    ...first.actions.flatMap((action) => action.arguments.map(({ domain }) => domain)),
  ]);
  return [
    page.headings.heading(2, text('State')),
    paragraph(
      text('Domains as declared, and as they are in model '),
      code(model),
      text('; initial values of that model.'),
    ),
    describedTable(['Variable', 'Domain', 'Initially', 'Meaning'], rows),
    ...(sets.length === 0
      ? []
      : [
          paragraph(
            text('In '),
            code(model),
            text(': '),
            ...joined(
              sets.map((domain) => [
                code(domain.name),
                text(cardinality(domain) === 0 ? ' has none' : ` is ${membersNotation(domain)}`),
              ]),
              '; ',
            ),
            text('.'),
          ),
        ]),
    ...initBlocks(first),
  ];
}

/** A schema as declared, and below it what it stands for, if that is not the same. */
function domainCell(schema: Inlines, notation: string): Inlines {
  return plainText(schema) === notation ? schema : [...schema, { kind: 'break' }, code(notation)];
}

/** A table whose last column is left out when there is nothing in it. */
function describedTable(columns: readonly string[], rows: readonly (readonly Inlines[])[]): Block {
  if (rows.some((row) => row.at(-1)!.length > 0)) return table(columns, rows);
  return table(
    columns.slice(0, -1),
    rows.map((row) => row.slice(0, -1)),
  );
}

function isCounter(variable: Variable, variables: readonly Part<Variable>[]): boolean {
  return (
    variable.process !== undefined &&
    variables.some(({ system }) => system.processes.some(({ counter }) => counter === variable.name))
  );
}

function initBlocks(first: SpecParts['first']): readonly Block[] {
  const lines = initText(first);
  if (lines.length === 0) return [];
  return [
    paragraph(text('Variables start with the first value of their domain, but for what is set initially:')),
    { kind: 'code', language: '', text: lines.join('\n') },
  ];
}

function initialCell({ name }: Variable, initial: readonly ObjectValue[] | undefined): Inlines {
  if (initial === undefined) return [text('one of very many')];
  const values = [...new Set(initial.map((state) => formatValue(state[name])))];
  if (values.length > MOST_INITIAL) return [text(`one of ${values.length} values`)];
  return joined(
    values.map((value) => [code(value)]),
    ' or ',
  );
}

const MOST_INITIAL = 4;

/** The schema of a parameter or variable as it was written, line by line, linked to where. */
function declared({ links }: Page, { system, item }: Part): Inlines {
  const { declaration } = item;
  const source = declaration === undefined ? '' : sourceText(system, declaration).replace(/^[\w$"']+\s*:\s*/, '');
  const where = sourceLink(links, system, item.span);
  const lines = (source || item.name).split('\n').filter((line) => line.trim() !== '');
  // A cell of Markdown has no block of code; its spans lose plain spaces at the start.
  const schema = lines.flatMap((line, index): Inlines => [
    ...(index === 0 ? [] : [{ kind: 'break' } as const]),
    code(line.replace(/^ +/, (indent) => '\u00a0'.repeat(indent.length))),
  ]);
  return where?.kind === 'link' ? [link(where.href, ...schema)] : schema;
}

function docCell(doc: string): Inlines {
  return joined(
    slotsOf(doc)
      .text.split(/\n\s*\n/)
      .filter((part) => part.trim() !== '')
      .map((part) => commentInlines(part.replaceAll(/\s+/g, ' ').trim())),
    ' ',
  );
}

/** The sets of ids in some domains, by name. */
export function idsIn(domains: readonly Domain[]): readonly (Domain & { readonly kind: 'ids' })[] {
  const found = new Map<string, Domain & { readonly kind: 'ids' }>();
  const visit = (domain: Domain): void => {
    switch (domain.kind) {
      case 'ids':
        found.set(domain.name, domain);
        break;
      case 'union':
        domain.members.forEach(visit);
        break;
      case 'object':
        for (const field of domain.fields) visit(field.domain);
        break;
      case 'variant':
        for (const one of domain.cases) for (const field of one.fields) visit(field.domain);
        break;
      case 'tuple':
        domain.items.forEach(visit);
        break;
      case 'array':
      case 'set':
        visit(domain.element);
        break;
      case 'record':
        visit(domain.key);
        visit(domain.value);
        break;
      default:
        break;
    }
  };
  domains.forEach(visit);
  return [...found.values()];
}

/**
 * Every property in words and as a formula.
 *
 * @param outcomes - what is to stand below a property: where it holds and where not.
 */
export function propertySection(
  page: Page,
  parts: SpecParts,
  outcomes: (part: Part) => readonly Block[],
): readonly Block[] {
  const blocks = (['invariants', 'steps', 'sometimes', 'properties'] as const).flatMap((kind) =>
    (parts[kind] as SpecParts['properties']).flatMap((part): readonly Block[] => {
      const { system, item } = part;
      return [
        page.headings.heading(3, ...titleOf(part)),
        ...commentBlocks(item.doc),
        paragraph(text(`${capitalized(CLAIMS[kind])} (`), ...where(page, part), text(').')),
        ...formulaBlocks(system, item),
        ...(kind === 'properties' ? [paragraph(...assumedBy(item, system))] : []),
        ...outcomes(part),
      ];
    }),
  );
  return blocks.length === 0 ? [] : [page.headings.heading(2, text('Properties')), ...blocks];
}

/** Assumptions about the scheduler, and what bounds or ends the exploration. */
export function assumptionSection(page: Page, parts: SpecParts): readonly Block[] {
  const fairness = parts.fairness.flatMap(({ system, item }): readonly Block[] => [
    page.headings.heading(3, code(item.name)),
    ...commentBlocks(item.doc),
    { kind: 'list', ordered: false, items: assumptionTexts(system, item).map((line) => [paragraph(...line)]) },
  ]);
  const ends = (['terminal', 'within'] as const).flatMap((kind) =>
    parts[kind]
      .filter(({ item }) => item.declaration !== undefined)
      .flatMap(({ system, item }): readonly Block[] => [
        page.headings.heading(3, code(item.name)),
        ...commentBlocks(item.doc),
        paragraph(text(`${ENDS[kind]} (`), ...where(page, { system, item }), text(').')),
        ...formulaBlocks(system, item),
      ]),
  );
  return [
    ...(fairness.length === 0 ? [] : [page.headings.heading(2, text('Fairness')), ...fairness]),
    ...(ends.length === 0 ? [] : [page.headings.heading(2, text('Ends and bounds')), ...ends]),
  ];
}

const ENDS = {
  terminal: 'Having no next step here is the proper end, not a deadlock',
  within: 'Only states that satisfy this are explored, so verdicts are bounded',
} as const;

/** Processes, each with its control flow and its steps; then the actions that are of no process. */
export function behaviorSections(page: Page, parts: SpecParts): readonly Block[] {
  const { processes, actions } = parts;
  const loose = actions.filter(({ item }) => (item.process ?? item.timeout) === undefined);
  const sections = processes.map((process): readonly Block[] => {
    const heading = page.headings.heading(3, ...signature(process.item.name, process.item.arguments));
    const { blocks, anchors } = stepBlocks(page, parts, process.item.name);
    const hrefOf = (action: Action): string | undefined => anchors.get(action.name);
    return [heading, ...processBlocks(page, process, hrefOf), ...blocks];
  });
  return [
    ...(sections.length === 0 ? [] : [page.headings.heading(2, text('Processes')), ...sections.flat()]),
    ...(loose.length === 0
      ? []
      : [page.headings.heading(2, text('Actions')), ...loose.flatMap((one) => actionBlocks(page, 3, one))]),
  ];
}

/** The steps of a process, and where on the page each of them is shown. */
export function stepBlocks(
  page: Page,
  { actions }: SpecParts,
  process: string,
): { readonly blocks: readonly Block[]; readonly anchors: ReadonlyMap<string, string> } {
  const anchors = new Map<string, string>();
  const blocks = actions
    .filter(({ item }) => (item.process ?? item.timeout)?.name === process)
    .flatMap((one) => {
      const own = actionBlocks(page, 4, one);
      const [head] = own;
      if (head?.kind === 'heading') anchors.set(one.item.name, `#${head.id}`);
      return own;
    });
  return { blocks, anchors };
}

/**
 * A process without its steps: what its author says of it, and its control flow.
 *
 * @param hrefOf - where a step is shown.
 */
export function processBlocks(
  page: Page,
  { system, item }: Part<Process>,
  hrefOf: (action: Action) => string | undefined,
): readonly Block[] {
  const { block, hasConditions } = fittingDrawing(controlFlowOf(system, item, hrefOf), `control flow of ${item.name}`);
  const source = item.declaration === undefined ? '' : sourceText(system, item.declaration);
  return [
    ...commentBlocks(item.doc),
    paragraph(
      text('Declared at '),
      ...where(page, { system, item }),
      ...standsFor(item.doc),
      text('. An arrow is a step, named by the label that it starts at; '),
      text(
        hasConditions
          ? 'its condition stands beside it where there are several.'
          : 'the conditions of so many stand with the steps.',
      ),
    ),
    block,
    ...(source === ''
      ? []
      : [
          {
            kind: 'details' as const,
            summary: [text('Source of '), code(item.name)],
            blocks: [{ kind: 'code' as const, language: 'ts', text: `export const ${source};` }],
          },
        ]),
  ];
}

/** @param level - of the heading; at level 4 it is a step of the process that the heading above is about. */
export function actionBlocks(page: Page, level: 3 | 4, { system, item }: Part<Action>): readonly Block[] {
  const { guard, effect } = stepText(system, item);
  const heading = page.headings.heading(
    level,
    ...(level === 4 ? shortSignature(item.name, item.arguments) : signature(item.name, item.arguments)),
  );
  page.anchors?.set(declarationKey(system, item), heading.id);
  const source = item.declaration === undefined ? '' : sourceText(system, item.declaration);
  const promised =
    item.timeout === undefined
      ? []
      : [text(' A time-out: no fairness of '), code(item.timeout.name), text(' promises it.')];
  return [
    heading,
    ...commentBlocks(item.doc),
    paragraph(
      ...where(page, { system, item }),
      ...standsFor(item.doc),
      text(' · '),
      ...possibleWhen({ system, item }, { guard, effect }),
      ...promised,
    ),
    ...(effect.length === 0 ? [] : [{ kind: 'code' as const, language: '', text: effect.join('\n') }]),
    ...(source === ''
      ? []
      : [
          {
            kind: 'details' as const,
            summary: [text('Source')],
            blocks: [{ kind: 'code' as const, language: 'ts', text: `export const ${source};` }],
          },
        ]),
  ];
}

/** When a step is possible: conditions as {@link stepText} writes them, and in words where those say more. */
export function possibleWhen({ system, item }: Part<Action>, { guard, effect }: StepText): Inlines {
  const { process, timeout } = item;
  const isAskedLater = effect.some((line) => /^\s*when \(/.test(line));
  if (guard.length === 0) {
    if (isAskedLater) return [text('Possible when a way through it meets each '), code('when (…)'), text(' on it.')];
    return [text((process ?? timeout) === undefined ? 'Always possible.' : 'Possible whenever the process is here.')];
  }
  const words = guardWords(system, item);
  const conditions = joined(
    guard.map((condition) => words.get(condition) ?? [code(condition)]),
    ' and ',
  );
  const rest = isAskedLater ? [text(', and when a way through it meets each '), code('when (…)'), text(' on it')] : [];
  return [text('Possible when '), ...conditions, ...rest, text('.')];
}

/** The functions of the code that something stands for, as its author says. */
export function standsFor(doc: string): Inlines {
  const sources = slotsOf(doc).of('source');
  if (sources.length === 0) return [];
  return [
    text(' · stands for '),
    ...joined(
      sources.map((one): Inlines => [code(one)]),
      ', ',
    ),
  ];
}

/** `worker.test(r)`. */
function shortSignature(name: string, given: readonly Argument[]): readonly Inline[] {
  return [code(given.length === 0 ? name : `${name}(${given.map((one) => one.name).join(', ')})`)];
}

/** `expire(r: Ring)`. */
export function signature(name: string, given: readonly Argument[]): readonly Inline[] {
  if (given.length === 0) return [code(name)];
  return [code(`${name}(${given.map((one) => `${one.name}: ${typeNotation(one.domain)}`).join(', ')})`)];
}

/** What short names in comments mean, as the author says. */
export function glossarySection(page: Page, { first }: SpecParts): readonly Block[] {
  const terms = [...glossaryOf(slotsOf(first.doc))];
  if (terms.length === 0) return [];
  return [
    page.headings.heading(2, text('Short names')),
    table(
      ['Name', 'What it means'],
      terms.map(([term, meaning]) => [[code(term)], commentInlines(meaning)]),
    ),
  ];
}

/** Which functions of the code the steps stand for, as the author says. */
export function sourceSection(page: Page, { processes, actions }: SpecParts): readonly Block[] {
  const bySource = new Map<string, string[]>();
  for (const { item } of [...processes, ...actions]) {
    for (const source of slotsOf(item.doc).of('source')) {
      bySource.set(source, [...(bySource.get(source) ?? []), item.name]);
    }
  }
  if (bySource.size === 0) return [];
  return [
    page.headings.heading(2, text('What the steps stand for')),
    table(
      ['In the code', 'Here'],
      Array.from(bySource, ([source, names]) => [
        [code(source)],
        joined(
          [...new Set(names)].map((name): Inlines => [code(name)]),
          ', ',
        ),
      ]),
    ),
  ];
}

/**
 * Which steps read and write which part of the state; the places and locals of processes, which nobody else touches, are
 * left out.
 *
 * @param isWhole - whether an object is no more told apart by its fields, as a lock is not.
 */
export function accessSection(
  page: Page,
  { actions, variables }: SpecParts,
  isWhole: (domain: ObjectDomain) => boolean,
): readonly Block[] {
  const shared = variables.flatMap(({ item }) => (item.process === undefined ? [item] : []));
  if (shared.length === 0) return [];
  const found = actions.map(({ item }) => ({
    name: sourceNameOf(item.name),
    access: partAccessOf(item, shared, isWhole),
  }));
  const cell = (names: readonly string[]): Inlines => (names.length === 0 ? [text('nobody')] : stepsByProcess(names));
  const rows = shared.flatMap((variable) =>
    partsOfVariable(variable, isWhole).map((part): readonly Inlines[] => {
      const writers = found.filter(({ access }) => access.writes.has(part)).map(({ name }) => name);
      const readers = found.filter(({ access }) => access.reads.has(part)).map(({ name }) => name);
      return [[code(part)], cell(writers), cell(readers.filter((name) => !writers.includes(name)))];
    }),
  );
  return [
    page.headings.heading(2, text('Who reads and writes what')),
    table(['Part of the state', 'May be written by', 'Only read by'], rows),
  ];
}

/** `worker`: `start`, `test`; `control`: `ask`. */
function stepsByProcess(names: readonly string[]): Inlines {
  const groups = new Map<string, Set<string>>();
  for (const name of names) {
    const dot = name.indexOf('.');
    const process = dot < 0 ? '' : name.slice(0, dot);
    groups.set(process, (groups.get(process) ?? new Set()).add(name.slice(dot + 1)));
  }
  return joined(
    Array.from(groups, ([process, steps]): Inlines => [
      ...(process === '' ? [] : [code(process), text(': ')]),
      ...joined(
        Array.from(steps, (step): Inlines => [code(step)]),
        ', ',
      ),
    ]),
    '; ',
  );
}

export function where({ links }: Page, { system, item }: Part): Inlines {
  const found = sourceLink(links, system, item.span);
  return found === undefined ? [code(item.name)] : [found];
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
