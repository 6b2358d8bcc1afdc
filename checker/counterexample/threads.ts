import { fold } from '../../dsl/ir/fold.ts';
import { equalValues } from '../../dsl/ir/index.ts';
import { isOfOwnThread } from '../../dsl/ir/own-entry.ts';
import type { ObjectValue, Value } from '../../dsl/ir/index.ts';
import { actorsOf, ownEntry } from '../plan/actor.ts';
import type { Actor } from '../plan/actor.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';

/** A thread of a process. */
export interface Thread extends Actor {
  readonly process: string;
  readonly values: readonly Value[];
  /** The variable that says where it stands. */
  readonly counter: string;
  /** The variables of its process, `counter` among them. */
  readonly variables: readonly string[];
  /** Its step at each of its labels. */
  readonly at: ReadonlyMap<string, Instance>;
}

/** The threads of a plan, in its order. */
export function threadsOf(plan: Plan): readonly Thread[] {
  return [...actorsOf(plan).values()].flatMap((actor): Thread[] => {
    const [first] = actor.instances;
    const process = plan.system.processes.find(({ name }) => name === first!.action.process?.name);
    if (process === undefined) return [];
    return [
      {
        ...actor,
        process: process.name,
        values: first!.values,
        counter: process.counter,
        variables: plan.system.variables.filter((one) => one.process === process.name).map(({ name }) => name),
        at: new Map(actor.instances.map((instance) => [instance.action.process!.label, instance])),
      },
    ];
  });
}

/** What a variable of its process is for a thread. */
function ownValue({ values }: Thread, variable: string, state: ObjectValue): Value {
  return ownEntry(values, variable, state);
}

/** The label where a thread stands. */
export function labelOf(thread: Thread, state: ObjectValue): string {
  return String(ownValue(thread, thread.counter, state));
}

/** Where a thread may be held to stand: it goes on from there. */
interface Stance {
  readonly label: string;
  /** What it has to remember there, by variable. */
  readonly remembers: ReadonlyMap<string, Value>;
}

/**
 * Where a thread stands, and the labels after it that it would come to by steps that were never taken by anybody: about
 * those the explored states can say nothing.
 */
export function stancesOf(
  thread: Thread,
  state: ObjectValue,
  isTaken: (instance: number) => boolean,
): readonly Stance[] {
  const written = new Set<string>([thread.counter]);
  const reached = new Set([labelOf(thread, state)]);
  const locals = thread.variables.filter((name) => name !== thread.counter);
  const remember = (): ReadonlyMap<string, Value> =>
    new Map(locals.filter((name) => !written.has(name)).map((name) => [name, ownValue(thread, name, state)]));
  const stances: Stance[] = [{ label: labelOf(thread, state), remembers: remember() }];
  for (const label of reached) {
    const instance = thread.at.get(label);
    if (instance === undefined || isTaken(instance.id)) continue;
    for (const statement of instance.action.body) {
      fold<void>(statement, (node) => {
        if (node.kind !== 'assign' || !isOfOwnThread(instance.action, node)) return;
        const { name } = node.target.root;
        written.add(name);
        if (name === thread.counter && node.value.kind === 'literal') reached.add(String(node.value.value));
      });
    }
  }
  for (const label of [...reached].slice(1)) stances.push({ label, remembers: remember() });
  return stances;
}

/** Whether a thread stands in a state as it is said to. */
export function isStance(thread: Thread, { label, remembers }: Stance, state: ObjectValue): boolean {
  if (labelOf(thread, state) !== label) return false;
  return [...remembers].every(([name, value]) => equalValues(ownValue(thread, name, state), value));
}
