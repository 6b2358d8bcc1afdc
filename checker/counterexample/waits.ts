import { formatActor, formatStep } from '../plan/step-name.ts';
import type { HelpfulStep, Inaction, Wait, WaitsFor } from './behavior.ts';

/** What could end a wait, as it is reported. */
export interface Other {
  /** A thread, `worker(r0)`; a step outside of processes, `interrupt(r0)`; or any step of one who has many, `p1`. */
  readonly kind: 'thread' | 'step' | 'anyStepOf';
  /** `send(r0, …)` and `send(…)` stand for several steps of one action. */
  readonly name: string;
  /** Of a step. */
  readonly action?: string;
  readonly because: Inaction;
}

/** Who could do so by more actions than this is named, and not the steps: it is a thread, although no process. */
const MOST_ACTIONS = 3;

/** More steps of one action than this, whoever takes them, are reported as one, if they do not happen for the same reason. */
const MOST_STEPS = 3;

/** Who could change what is waited for. */
export function othersOf({ on, steps, because }: Pick<Wait, 'on' | 'steps' | 'because'>): readonly Other[] {
  const others = on.flatMap((actor, index) => stepsOf(formatActor(actor), steps[index]!, because[index]!));
  const alike = grouped(others, ({ kind, name, action, because: reason }) =>
    kind === 'step' ? `${action} ${reason}` : `${kind} ${name}`,
  );
  return [...alike.values()].flatMap((group) =>
    group.length <= MOST_STEPS ? group : [{ ...group[0]!, name: `${group[0]!.action}(…)` }],
  );
}

function stepsOf(actor: string, steps: readonly HelpfulStep[], because: Inaction): readonly Other[] {
  if (steps.length === 0) return [{ kind: 'thread', name: actor, because }];
  const actions = new Set(steps.map(({ action }) => action));
  if (MOST_ACTIONS < actions.size) return [{ kind: 'anyStepOf', name: actor, because }];
  const alike = grouped(steps, ({ action, because: reason }) => `${action} ${reason}`);
  return Array.from(alike.values(), (group): Other => {
    const [first] = group;
    const { action, because: reason } = first!;
    const name = group.length === 1 ? formatStep(first!) : `${action}(${actor}, …)`;
    return { kind: 'step', name, action, because: reason };
  });
}

/** Those who wait for each other in a circle, each as it is called where it waits for the next. */
export function circleNames({ waits, circle }: WaitsFor): readonly string[] {
  const names = circle.map(formatActor);
  return names.map((who, index) => {
    const next = names[(index + 1) % names.length]!;
    const found = waits.find((wait) => formatActor(wait.who) === who && wait.on.map(formatActor).includes(next));
    return found === undefined ? who : nameOfWait(found);
  });
}

/** What to call one who waits: the thread; outside of processes the step that is not possible, `interrupt(r0)`. */
export function nameOfWait({ who, step }: Pick<Wait, 'who' | 'step'>): string {
  return who.kind === 'thread' ? formatActor(who) : formatStep(step);
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
