import { code, joined, link, strong, text } from '../../../dsl/docgen/document.ts';
import type { Inline, Inlines } from '../../../dsl/docgen/document.ts';
import type { FamilyRole } from '../../locks/lock-use.ts';
import { counted, formatCount } from '../../report/wording.ts';
import type { Found, GroupOrder, GroupSleep, LockedModel, LockGroup } from './lock-groups.ts';
import type { LockCircle } from '../../locks/lock-use.ts';

/** Where the story of a property of a model is shown, if it is. */
export type StoryHref = (model: LockedModel, property: string) => string | undefined;

/** What goes wrong with locks, a sentence or two for each; empty when nothing does. */
export function wordHazards({ circles, sleeps, models }: LockGroup, storyHref: StoryHref): readonly Inlines[] {
  const isOnly = models.length === 1;
  return [
    ...circles.map((circle) => wordCircle(circle, isOnly, storyHref)),
    ...sleeps.map((sleep) => wordSleep(sleep, isOnly, storyHref)),
  ];
}

function wordCircle({ item, model }: Found<LockCircle>, isOnly: boolean, storyHref: StoryHref): Inlines {
  const { members, depth } = item;
  const families = members.map(({ asked }) => asked.family);
  const waits = members.map(({ thread, step, askedPath }, index): Inlines => {
    const next = members[(index + 1) % members.length]!.thread;
    const because: Inlines = next === thread ? [text(', which it has itself')] : [text(' because of '), code(next)];
    return [code(thread), text(' waits at '), code(step), text(' for '), code(askedPath), ...because];
  });
  const title = members.length === 1 ? 'Taken by who has it: ' : 'They wait in a circle: ';
  return [
    strong(
      text(`✗ ${title}`),
      ...joined(
        [families.at(-1)!, ...families].map((one) => [code(one)]),
        ' → ',
      ),
    ),
    text('. '),
    ...joined(waits, '; '),
    text('.'),
    ...wordNearest(depth, model, isOnly, storyHref, 'deadlock'),
  ];
}

function wordSleep(
  { held, asleepOn, steps, waiting, depth, model }: GroupSleep,
  isOnly: boolean,
  storyHref: StoryHref,
): Inlines {
  const meanwhile: Inlines =
    waiting === undefined
      ? [text('; nobody is seen to wait for that lock meanwhile.')]
      : [text(', and meanwhile '), code(waiting), text(' waits for that lock.')];
  return [
    strong(text('✗ Asleep with '), code(held.family), text(wordRole(held))),
    text(': '),
    ...joined(
      steps.map((step) => [code(step)]),
      ', ',
    ),
    text(` ${steps.length === 1 ? 'sleeps' : 'sleep'} on `),
    code(asleepOn),
    ...meanwhile,
    ...wordNearest(depth, model, isOnly, storyHref, waiting === undefined ? undefined : 'deadlock'),
  ];
}

function wordNearest(
  depth: number,
  model: LockedModel,
  isOnly: boolean,
  storyHref: StoryHref,
  property: string | undefined,
): Inlines {
  const where: Inlines = isOnly ? [] : [text(' in '), code(model.label)];
  const story = property === undefined ? undefined : storyHref(model, property);
  return [
    text(` The nearest such state is ${counted(depth, 'step')} away`),
    ...where,
    ...(story === undefined ? [] : [text(': see its '), link(story, text('deadlock'))]),
    text('.'),
  ];
}

/** Orders that lead round without harm: that there are some, and each with its steps; empty when there are none. */
export function wordRounds({
  rounds,
  orders,
  models,
}: LockGroup): { readonly summary: string; readonly each: readonly Inlines[] } | undefined {
  if (rounds.length === 0) return undefined;
  const states = models.reduce((sum, { use }) => sum + use.states, 0);
  const isCut = models.some(({ use }) => use.cut !== undefined);
  const each = rounds.map((round): Inlines => {
    const families = [...round, round[0]!];
    const parts = families.slice(1).map((asked, index): Inlines => {
      const order = orders.find((one) => one.held === families[index] && one.asked === asked);
      return [
        code(asked),
        text(' at '),
        ...listed(
          stepsOf(order).map((step) => code(step)),
          MOST_STEPS,
        ),
      ];
    });
    return [
      ...joined(
        families.map((one) => [code(one)]),
        ' → ',
      ),
      text(': '),
      ...joined(parts, '; '),
    ];
  });
  const many = rounds.length === 1 ? 'One order leads round' : `${rounds.length} orders lead round`;
  const looked = isCut ? ' that were looked at' : '';
  return {
    summary: `${many}, but in none of the ${formatCount(states)} states${looked} do threads wait for each other that way: something else keeps them apart`,
    each,
  };
}

/** So many steps stand beside an arrow. */
export const MOST_STEPS = 3;

/** The steps at which something is asked for, each once. */
export function stepsOf(order: GroupOrder | undefined): readonly string[] {
  return [...new Set((order?.steps ?? []).map(({ step }) => step))];
}

/** ` as a reader`, where a lock can be held in more than one way. */
export function wordRole({ role }: FamilyRole): string {
  return role === 'read' ? ' as a reader' : role === 'write' ? ' as a writer' : '';
}

/** Names with something between them, cut short where there are many. */
export function listed(names: readonly Inline[], most: number): Inlines {
  const shown = joined(
    names.slice(0, most).map((name) => [name]),
    ', ',
  );
  return names.length <= most ? shown : [...shown, text(` and ${formatCount(names.length - most)} more`)];
}
