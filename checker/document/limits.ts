import { commentBlocks, commentInlines } from '../../dsl/docgen/comment.ts';
import { idsIn } from '../../dsl/docgen/sections.ts';
import { guardPartWords } from '../../dsl/docgen/guard-words.ts';
import { partAccessOf, partsOfVariable } from '../../dsl/docgen/access.ts';
import { anchor, code, joined, linkTo, paragraph, plainText, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Headings, Inlines } from '../../dsl/docgen/document.ts';
import { slotsOf } from '../../dsl/ir/slots.ts';
import type { SpecParts } from '../../dsl/docgen/spec-parts.ts';
import { lineOf } from '../../dsl/diagnostics/span.ts';
import { cardinality, equalValues, formatValue, valuesOf } from '../../dsl/ir/index.ts';
import type { Action, AssumptionGroup, Expression, System, Value } from '../../dsl/ir/index.ts';
import { sourceNameOf } from '../../dsl/ir/told-names.ts';
import { hasLockShape } from '../locks/lock.ts';
import { truthWith } from '../plan/branch.ts';
import { formatCount, nameOf, wordVacuity } from '../report/wording.ts';
import type { DocumentedModel } from './documented-model.ts';
import { judgedProperties, propertyKey } from './property-table.ts';
import type { JudgedProperty, PropertyHref } from './property-table.ts';

/**
 * What the results do not say: what the author says is not modeled, and what follows from the spec and its models.
 *
 * @param level - of its headings.
 * @returns nothing where there is nothing to say.
 */
export function limitBlocks(
  headings: Headings,
  level: 2 | 3,
  models: readonly DocumentedModel[],
  parts: SpecParts,
  hrefOf: PropertyHref,
): readonly Block[] {
  const section = (title: string, blocks: readonly Block[]): readonly Block[] =>
    blocks.length === 0 ? [] : [headings.heading(level, text(title)), ...blocks];
  return [
    ...section('Not modeled', notModeled(parts)),
    ...section('How large the models are', sizes(models)),
    ...section('Parameter values that no model has', unusedValues(models, parts)),
    ...section('What nothing promises to happen', unpromised(models)),
    ...section('The grain of steps', grain(parts)),
    ...section('What says nothing, and where', vacuous(models, hrefOf)),
  ];
}

function notModeled({ first }: SpecParts): readonly Block[] {
  const slots = slotsOf(first.doc).of('notModeled');
  return slots.flatMap((slot) => (slot === '' ? [] : commentBlocks(slot)));
}

/** Ids of each set, over all models, and which bounds cut models. */
function sizes(models: readonly DocumentedModel[]): readonly Block[] {
  const ids = new Map<string, Set<number>>();
  for (const { system } of models) {
    const domains = [...system.variables, ...system.actions.flatMap((action) => action.arguments)].map(
      ({ domain }) => domain,
    );
    for (const one of idsIn(domains)) ids.set(one.name, (ids.get(one.name) ?? new Set()).add(cardinality(one)));
  }
  const cut = models.filter(({ result }) => result.statistics.cut !== undefined);
  const items: Inlines[] = [
    ...(ids.size === 0
      ? []
      : [
          [
            text('Ids: '),
            ...joined(
              Array.from(ids, ([name, counts]): Inlines => [code(name), text(` ${rangeOf([...counts])}`)]),
              ', ',
            ),
            text('. What holds of so many need not hold of more.'),
          ],
        ]),
    ...(cut.length === 0
      ? []
      : [
          [
            text('Not explored to the end: '),
            ...joined(
              cut.map(({ label }): Inlines => [code(label)]),
              ', ',
            ),
            text('.'),
          ],
        ]),
  ];
  return items.length === 0 ? [] : items.map((item) => paragraph(...item));
}

function rangeOf(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
}

/** Values of small parameters that are the same as nothing that a model has. */
function unusedValues(models: readonly DocumentedModel[], { parameters }: SpecParts): readonly Block[] {
  const rows = parameters.flatMap(({ item }): readonly (readonly Inlines[])[] => {
    const { name, domain } = item;
    if (domain === undefined || MOST_VALUES < cardinality(domain)) return [];
    const used = models.map(({ result }) => result.parameters[name]);
    const isUsed = (value: Value): boolean => used.some((one) => equalValues(one, value));
    const values = [...valuesOf(domain)];
    const unused = values.filter((value) => !isUsed(value));
    return unused.length === 0 ? [] : [[[code(name)], listed(unused), listed(values.filter(isUsed))]];
  });
  return rows.length === 0 ? [] : [table(['Parameter', 'No model has', 'Models have'], rows)];
}

/** Nobody expects models of all values of a wide range. */
const MOST_VALUES = 8;

function listed(values: readonly Value[]): Inlines {
  return joined(
    values.map((value) => [code(formatValue(value))]),
    ', ',
  );
}

/**
 * Actions and steps that no fairness set of any model is about, where there is fairness at all; and those that are
 * promised only where a condition holds, which has to be read to know whether it ever does.
 */
function unpromised(models: readonly DocumentedModel[]): readonly Block[] {
  const steps = new Map<string, { isPromised: boolean; readonly conditions: Map<string, Inlines> }>();
  for (const { system } of models) {
    const assumed = system.fairness.flatMap(({ assumptions }) => assumptions.flatMap(({ groups }) => groups));
    for (const action of system.actions) {
      const name = sourceNameOf(action.name);
      const known = steps.get(name) ?? { isPromised: false, conditions: new Map<string, Inlines>() };
      steps.set(name, known);
      for (const group of assumed) {
        const promise = promiseOf(group, action, system);
        if (promise === true) known.isPromised = true;
        if (promise === undefined) {
          const words = guardPartWords(system, group.when!);
          known.conditions.set(plainText(words), words);
        }
      }
    }
  }
  const open = [...steps].filter(([, { isPromised }]) => !isPromised);
  const isAnyPromised = [...steps.values()].some(({ isPromised, conditions }) => isPromised || 0 < conditions.size);
  if (open.length === 0) return [];
  if (!isAnyPromised) {
    const isAsked = models.some(({ system }) => system.properties.length > 0);
    return isAsked ? [paragraph(text('No fairness is assumed anywhere: nothing has to happen.'))] : [];
  }
  const names = joined(
    open.map(([name, { conditions }]): Inlines => [
      code(name),
      ...(conditions.size === 0
        ? []
        : [text(' (only promised where '), ...joined([...conditions.values()], ', or where '), text(')')]),
    ]),
    ', ',
  );
  return [
    paragraph(
      text('No fairness is about these, so a behavior in which they never happen counts: '),
      ...names,
      text('.'),
    ),
  ];
}

/** Whether an assumption is about a step, by its label; undefined: where its condition holds, which is about more. */
function promiseOf({ actions, when }: AssumptionGroup, action: Action, system: System): boolean | undefined {
  if (!actions.includes(action.name)) return false;
  if (when === undefined) return true;
  const { process } = action;
  const counter = system.processes.find(({ name }) => name === process?.name)?.counter;
  if (process === undefined) return undefined;
  const truth = truthWith(when, (part) => isAt(part, counter, process.label));
  return typeof truth === 'boolean' ? truth : undefined;
}

/** Whether a thread stands at a label, where a part of a condition asks for its label. */
function isAt(part: Expression, counter: string | undefined, label: string): boolean | undefined {
  if (part.kind !== 'operation' || part.operator !== 'equal') return undefined;
  const [place, value] = part.operands;
  let whole = place; // a thread for each value of its arguments, or the only one
  while (whole?.kind === 'index') whole = whole.object;
  const isAsked = whole?.kind === 'variable' && whole.name === counter;
  return isAsked && value?.kind === 'literal' ? value.value === label : undefined;
}

/** Steps that change several parts of the shared state at once: between these nothing of others can come. */
function grain({ actions, variables }: SpecParts): readonly Block[] {
  const shared = variables.flatMap(({ item }) => (item.process === undefined ? [item] : []));
  const parts = new Set(shared.flatMap((variable) => partsOfVariable(variable, hasLockShape)));
  const byName = new Map<string, Set<string>>();
  for (const { item } of actions) {
    const own = byName.get(sourceNameOf(item.name)) ?? new Set<string>();
    byName.set(sourceNameOf(item.name), own);
    for (const part of partAccessOf(item, shared, hasLockShape).writes) if (parts.has(part)) own.add(part);
  }
  const wide = Array.from(byName, ([name, writes]) => ({ name, writes: [...writes] })).filter(
    ({ writes }) => MANY_WRITES <= writes.length,
  );
  return [
    paragraph(
      text(
        'A step is all that stands between two labels of a process, or an action: nothing else happens in between, and memory is sequentially consistent.',
      ),
      ...(wide.length === 0 ? [] : [text(' These steps change the most at once:')]),
    ),
    ...(wide.length === 0
      ? []
      : [
          table(
            ['Step', 'Changes at once'],
            wide
              .toSorted((left, right) => right.writes.length - left.writes.length)
              .slice(0, MOST_STEPS)
              .map(({ name, writes }) => [
                [code(name)],
                joined(
                  writes.map((one) => [code(one)]),
                  ', ',
                ),
              ]),
          ),
        ]),
  ];
}

const MANY_WRITES = 3;
const MOST_STEPS = 8;

/** Properties that hold in a model only because nothing happens there. */
function vacuous(models: readonly DocumentedModel[], hrefOf: PropertyHref): readonly Block[] {
  const properties = judgedProperties(models);
  const anchors = anchorsOf(properties);
  const counted: (readonly Block[])[] = [];
  const rows = properties.flatMap((property): readonly (readonly Inlines[])[] => {
    const idle = property.all.filter(({ verdict }) => verdict.vacuous !== undefined);
    if (idle.length === 0) return [];
    const href = hrefOf(property.first);
    const name = code(nameOf(property.first.verdict));
    const why = new Map<string, string[]>();
    for (const { model, verdict } of idle) {
      const { span } = verdict.vacuous!;
      const words = wordVacuity(verdict.vacuous!, lineOf(model.system.files, span));
      why.set(words, [...(why.get(words) ?? []), model.label]);
    }
    for (const labels of why.values()) {
      if (labels.length === models.length || labels.length <= MOST_LABELS) continue;
      counted.push([
        paragraph(linkTo(href, name), text(` in ${formatCount(labels.length)}: `), ...listedByFile(labels)),
      ]);
    }
    const where = Array.from(why, ([words, labels]): Inlines => [
      ...commentInlines(words),
      text(' in '),
      ...(labels.length === models.length
        ? [text('all models')]
        : labels.length > MOST_LABELS
          ? [text(`${formatCount(labels.length)} models`)]
          : joined(
              labels.map((label) => [code(label)]),
              ', ',
            )),
    ]);
    return [[[anchors.get(property.key)!, linkTo(href, name)], joined(where, '; ')]];
  });
  if (rows.length === 0) return [];
  const list: Block = { kind: 'list', ordered: false, items: counted };
  return [
    table(['Property', 'Says nothing, because'], rows),
    ...(counted.length === 0
      ? []
      : [{ kind: 'details', summary: [text('The models that are only counted there')], blocks: [list] } as const]),
  ];
}

/** `one-ring/{beforeTheFix, corrected}`: models by their files. */
function listedByFile(labels: readonly string[]): Inlines {
  const byFile = new Map<string, string[]>();
  for (const label of labels) {
    const at = label.indexOf('/');
    const file = at < 0 ? '' : label.slice(0, at);
    byFile.set(file, [...(byFile.get(file) ?? []), label.slice(at + 1)]);
  }
  return joined(
    Array.from(byFile, ([file, names]): Inlines => {
      const [only] = names;
      if (file === '') return [code(names.join(', '))];
      return [code(names.length === 1 ? `${file}/${only!}` : `${file}/{${names.join(', ')}}`)];
    }),
    '; ',
  );
}

const MOST_LABELS = 4;

/**
 * Where {@link limitBlocks} says why a property says nothing.
 *
 * @param models - that it is about.
 * @param page - that has it; empty: the same page.
 */
export function hrefsOfIdle(models: readonly DocumentedModel[], page: string): PropertyHref {
  const anchors = anchorsOf(judgedProperties(models));
  return ({ model, verdict }) => `${page}#${anchors.get(propertyKey(model, verdict))!.id}`;
}

/** By their keys; the second of a name gets a number. */
function anchorsOf(properties: readonly JudgedProperty[]): ReadonlyMap<string, ReturnType<typeof anchor>> {
  const counts = new Map<string, number>();
  return new Map(
    properties.map(({ key, first }) => {
      const { name } = first.verdict;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return [key, anchor('idle', count === 1 ? name : `${name}-${count}`)];
    }),
  );
}
