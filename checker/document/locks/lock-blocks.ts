import type { Graph, GraphEdge, GraphNode } from '../../../dsl/diagram/graph.ts';
import { graphToMermaid } from '../../../dsl/diagram/mermaid.ts';
import { graphToSvg } from '../../../dsl/diagram/svg.ts';
import { code, joined, link, paragraph, table, text } from '../../../dsl/docgen/document.ts';
import type { Block, Inline, Inlines } from '../../../dsl/docgen/document.ts';
import type { Page } from '../../../dsl/docgen/sections.ts';
import { sourceNameOf } from '../../../dsl/ir/told-names.ts';
import { positionAt } from '../../../dsl/diagnostics/span.ts';
import type { FamilyDeed, FamilyRole, LockUse } from '../../locks/lock-use.ts';
import { counted, formatCount } from '../../report/wording.ts';
import type { DocumentedModel } from '../documented-model.ts';
import type { Variants } from '../overview.ts';
import { findingsIn, lockGroupOf, lockGroups } from './lock-groups.ts';
import type { GroupOrder, LockedModel, LockFinding, LockGroup } from './lock-groups.ts';
import { listed, MOST_STEPS, stepsOf, wordHazards, wordRole, wordRounds } from './lock-words.ts';
import type { StoryHref } from './lock-words.ts';

/**
 * Who takes which locks while holding which: what differs between models side by side, then a drawing for each group of
 * models in which the same goes wrong; empty for a spec without locks.
 *
 * @param level - of the headings of groups.
 * @param variants - where there are some: what was found in each of them, then a group for each, and last those models
 * that are of none.
 */
export function lockBlocks(
  page: Page,
  models: readonly DocumentedModel[],
  storyHref: StoryHref,
  level: 2 | 3,
  variants?: Variants,
): readonly Block[] {
  const named = (variants?.groups ?? []).flatMap(({ value, models: own }): readonly NamedGroup[] => {
    const group = lockGroupOf(own);
    return group === undefined ? [] : [{ name: value, group }];
  });
  if (named.length < 2) return [...aboutLocks(models), ...groupedBlocks(page, lockGroups(models), storyHref, level)];
  const titled = named.map(({ name, group }): TitledGroup => ({
    name,
    group,
    heading: page.headings.heading(level, code(name)),
  }));
  const variantBlocks = titled.flatMap(({ group, heading }) => [heading, ...groupBlocks(page, group, storyHref)]);
  const others = lockGroups(models.filter((model) => !named.some(({ group }) => isIn(group, model))));
  return [
    ...aboutLocks(models),
    ...findingTable(titled),
    comparison(titled),
    ...variantBlocks,
    ...(others.length === 0
      ? []
      : [
          page.headings.heading(level, text('Models that leave something out')),
          ...groupedBlocks(page, others, storyHref, level === 2 ? 3 : 4),
        ]),
  ];
}

interface NamedGroup {
  readonly name: string;
  readonly group: LockGroup;
}

function isIn({ models }: LockGroup, { result }: DocumentedModel): boolean {
  return models.some((model) => model.result === result);
}

function aboutLocks(models: readonly DocumentedModel[]): readonly Block[] {
  return lockGroupOf(models) === undefined ? [] : [paragraph(text(ABOUT))];
}

/** What goes wrong, in which variant, how near it is and in how many models. */
function findingTable(titled: readonly TitledGroup[]): readonly Block[] {
  const found = titled.map(({ group }) => new Map(findingsIn(group).map((one) => [one.key, one])));
  const all = new Map(found.flatMap((one) => [...one]));
  if (all.size === 0) return [paragraph(text(NO_HAZARD))];
  const rows = Array.from(all, ([key, finding]): readonly Inlines[] => [
    wordsOf(finding),
    ...titled.map(({ group, heading }, index): Inlines => {
      const own = found[index]!.get(key);
      if (own === undefined) return [text('–')];
      const sign = link(`#${heading.id}`, text(`✗ ${formatCount(own.depth)}`));
      const many = ` in ${formatCount(own.models)} of ${formatCount(group.models.length)}`;
      return own.models === group.models.length ? [sign] : [sign, text(many)];
    }),
  ]);
  const columns = titled.map(({ name, heading }) => ({
    head: [link(`#${heading.id}`, code(name))],
    align: 'center' as const,
  }));
  return [
    table(['What was found', ...columns], rows),
    paragraph(text('The numbers are the steps to the nearest such state, and in how many models there is one.')),
  ];
}

function wordsOf({ families, held }: LockFinding): Inlines {
  const [first] = families;
  if (held !== undefined) {
    return [text('asleep on '), code(first!), text(' with '), code(held.family), text(wordRole(held))];
  }
  const names = joined(
    [families.at(-1)!, ...families].map((one): Inlines => [code(one)]),
    ' → ',
  );
  return [text(families.length === 1 ? 'taken by who has it: ' : 'they wait in a circle: '), ...names];
}

/** Groups by what goes wrong: what differs between them side by side, then each of them. */
function groupedBlocks(
  page: Page,
  groups: readonly LockGroup[],
  storyHref: StoryHref,
  level: 2 | 3 | 4,
): readonly Block[] {
  const titled = groups.map((group) => ({
    name: shortLabel(group),
    group,
    heading: page.headings.heading(level, ...titleOf(group)),
  }));
  return [
    ...(groups.length < 2 || groups.every(({ orders }) => orders.length === 0) ? [] : [comparison(titled)]),
    ...(groups.length <= MOST_COLUMNS
      ? []
      : [
          paragraph(
            text(
              `The first ${MOST_COLUMNS} of ${groups.length} groups of models are put side by side; all of them follow.`,
            ),
          ),
        ]),
    ...titled.flatMap(({ group, heading }) => [
      ...(groups.length < 2 ? [] : [heading]),
      ...groupBlocks(page, group, storyHref),
    ]),
  ];
}

const ABOUT =
  'Seen in the reachable states, not in the text: an arrow leads from a lock that a thread has to one that it then asks for, whether it gets it or waits. Locks that differ by a key alone are one: [·] stands for any. ✗ and red: threads wait for each other in a circle, or one is asleep with a lock that nobody else can have meanwhile or that somebody waits for. A thread that waits on a condition variable is asleep, which is an arrow to that variable but no part of a circle: a circle by way of one is told as a sleep with a lock. Variables that serve as locks without being those of fairlead/sync are not seen here: who waits for them, and who ends that, is told with all other waits; declared as a mutex of fairlead/sync they would be told here.';

interface TitledGroup extends NamedGroup {
  readonly heading: Block & { readonly kind: 'heading' };
}

function titleOf({ models }: LockGroup): Inlines {
  const [first] = models;
  const more = models.length === 1 ? [] : [text(` and ${formatCount(models.length - 1)} more`)];
  return [code(first!.label), ...more];
}

/** More groups than this are not put side by side. */
const MOST_COLUMNS = 6;

/** Every order in every group. */
function comparison(titled: readonly TitledGroup[]): Block {
  const shown = titled.slice(0, MOST_COLUMNS);
  const pairs = new Map(
    shown.flatMap(({ group }) => group.orders.map((order) => [`${order.held} ${order.asked}`, order] as const)),
  );
  const rows = [...pairs.values()].map(({ held, asked }) => {
    const marks = shown.map(({ group }) => markOf(group, held, asked));
    const cells: readonly Inlines[] = [[code(held), text(' → '), code(asked)], ...marks.map((mark) => [text(mark)])];
    return { cells, isSame: new Set(marks).size === 1 };
  });
  // What differs is what is looked for.
  const sorted = [...rows.filter(({ isSame }) => !isSame), ...rows.filter(({ isSame }) => isSame)];
  const columns = shown.map(({ name, heading }) => ({
    head: [link(`#${heading.id}`, code(name))],
    align: 'center' as const,
  }));
  return table(
    ['Held → then asked for', ...columns],
    sorted.map(({ cells }) => cells),
  );
}

function shortLabel({ models }: LockGroup): string {
  return models[0]!.label;
}

type Mark = '–' | '✗' | 'yes' | 'some';

function markOf({ orders, models }: LockGroup, held: string, asked: string): Mark {
  const order = orders.find((one) => one.held === held && one.asked === asked);
  if (order === undefined) return '–';
  if (order.isWrong) return '✗';
  return order.models === models.length ? 'yes' : 'some';
}

/** More models than this are folded away. */
const MOST_NAMED = 4;

function groupBlocks(page: Page, group: LockGroup, storyHref: StoryHref): readonly Block[] {
  const { models, orders } = group;
  const hazards = wordHazards(group, storyHref);
  const rounds = wordRounds(group);
  const graph = lockGraph(group);
  const names = models.map(({ label }): Inline => code(label));
  const cut = models.filter(({ use }) => use.cut !== undefined);
  return [
    ...(models.length === 1 ? [] : [paragraph(text('In '), ...listed(names, MOST_NAMED), text('.'))]),
    ...(models.length <= MOST_NAMED
      ? []
      : [
          {
            kind: 'details',
            summary: [text(`All ${models.length} models`)],
            blocks: [paragraph(...listed(names, Infinity))],
          } as const,
        ]),
    ...(hazards.length === 0
      ? [
          paragraph(
            ...(orders.length === 0 ? [text('No lock is asked for while another one is held.')] : wordNoHazard(group)),
          ),
        ]
      : [{ kind: 'list', ordered: false, items: hazards.map((words) => [paragraph(...words)]) } as const]),
    ...(orders.length === 0
      ? []
      : [{ kind: 'drawing', mermaid: graphToMermaid(graph), svg: graphToSvg(graph, DRAWN) } as const]),
    ...(rounds === undefined
      ? []
      : [
          {
            kind: 'details',
            summary: [text(rounds.summary)],
            blocks: [{ kind: 'list', ordered: false, items: rounds.each.map((words) => [paragraph(...words)]) }],
          } as const,
        ]),
    ...cut.map(({ label, use }) =>
      paragraph(code(label), text(`: not all was looked at, only the first ${counted(use.states, 'state')}.`)),
    ),
    {
      kind: 'details',
      summary: [text('Each lock: who takes it, where, and what is due with it held')],
      blocks: [lockTable(page, models)],
    },
  ];
}

const NO_HAZARD =
  'No threads wait for each other in a circle, and nobody who is asleep has a lock that somebody waits for or that only one can have.';

/** That nothing goes wrong, and who is asleep with a lock without harm. */
function wordNoHazard({ orders, models }: LockGroup): Inlines {
  const kinds = new Map(models.flatMap(({ use }) => use.locks.map(({ name, kind }) => [name, kind] as const)));
  const sleeps = orders.filter(({ asked }) => kinds.get(asked) === 'condvar' || kinds.get(asked) === 'barrier');
  if (sleeps.length === 0) return [text(NO_HAZARD)];
  const pairs = sleeps.map(({ held, asked }): Inlines => [code(held), text(' while asleep on '), code(asked)]);
  return [
    text(`${NO_HAZARD} Who has `),
    ...joined(pairs, ', or '),
    text(', has it as a reader, and nobody is seen to wait for it meanwhile.'),
  ];
}

const DRAWN = { title: 'Which locks are asked for while which are held', standalone: false };

function lockGraph({ models, orders }: LockGroup): Graph {
  const kinds = new Map(models.flatMap(({ use }) => use.locks.map(({ name, kind }) => [name, kind] as const)));
  const drawn = new Set(orders.flatMap(({ held, asked }) => [held, asked]));
  return {
    direction: 'down',
    nodes: [...kinds].flatMap(([name, kind]): readonly GraphNode[] => {
      const isAsleep = kind === 'condvar' || kind === 'barrier';
      return drawn.has(name) ? [{ id: name, lines: [name, KINDS[kind]], kind: isAsleep ? 'end' : 'plain' }] : [];
    }),
    edges: orders.map((order): GraphEdge => {
      const { held, asked, isWrong } = order;
      return { from: held, to: asked, lines: linesOf(order), isWrong };
    }),
  };
}

const KINDS: Readonly<Record<LockUse['locks'][number]['kind'], string>> = {
  mutex: 'mutex',
  rwlock: 'reader-writer lock',
  semaphore: 'semaphore',
  condvar: 'condition variable',
  barrier: 'barrier',
};

/** The steps that are stuck there first of all, then those that are nearest. */
function linesOf(order: GroupOrder): readonly string[] {
  const steps = stepsOf(order);
  const ways = order.within.filter((one) => one !== 'same');
  return [
    ...steps.slice(0, MOST_STEPS),
    ...(steps.length <= MOST_STEPS ? [] : [`… ${steps.length - MOST_STEPS} more`]),
    ...(ways.length === 0 ? [] : [ways.join(' and ')]),
  ];
}

/** Each lock in each role: where it is taken, waited for and given back, and the steps that are taken with it. */
function lockTable(page: Page, models: readonly LockedModel[]): Block {
  const deeds = models.flatMap(({ use }) => use.deeds);
  const roles = new Map<string, FamilyRole>();
  for (const { use } of models) {
    for (const one of [...use.deeds, ...use.holds]) roles.set(`${one.family} ${one.role}`, one);
  }
  const stepLinks = stepLinksOf(page, models);
  const isOf = (one: FamilyRole, { family, role }: FamilyRole): boolean => one.family === family && one.role === role;
  const at = (role: FamilyRole, ...kinds: FamilyDeed['deed'][]): Inlines => {
    const steps = new Set(deeds.filter((one) => isOf(one, role) && kinds.includes(one.deed)).map(({ step }) => step));
    return steps.size === 0
      ? [text('–')]
      : joined(
          Array.from(steps, (step) => [stepLinks(step)]),
          ', ',
        );
  };
  const heldAt = (role: FamilyRole): Inlines => {
    const steps = new Set(
      models.flatMap(({ use }) => use.holds.filter((one) => isOf(one, role)).flatMap((one) => one.steps)),
    );
    return steps.size === 0
      ? [text('–')]
      : listed(
          Array.from(steps, (step) => code(step)),
          MOST_HELD,
        );
  };
  return table(
    ['Lock', 'Taken at', 'Waited for at', 'Given back at', 'Held at'],
    [...roles.values()].map((role) => [
      [code(role.family), text(wordRole(role))],
      at(role, 'takes', 'passes', 'tries'),
      at(role, 'waits', 'sleeps'),
      at(role, 'gives'),
      heldAt(role),
    ]),
  );
}

/** More steps than this with a lock held are counted. */
const MOST_HELD = 12;

/** The names of steps, linked to where they stand in the source. */
function stepLinksOf({ links }: Page, models: readonly LockedModel[]): (step: string) => Inline {
  const found = new Map<string, Inline>();
  for (const { system } of models) {
    for (const action of system.actions) {
      const name = sourceNameOf(action.name);
      if (found.has(name)) continue;
      const file = system.files[action.span.file];
      const href = file && links.hrefOf(file.path);
      if (file === undefined || href === undefined) continue;
      found.set(name, link(`${href}#L${positionAt(file.text, action.span.start).line}`, code(name)));
    }
  }
  return (step) => found.get(step) ?? code(step);
}
