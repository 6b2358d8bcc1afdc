import type { ObjectValue, Process, System, Value } from '../../dsl/ir/index.ts';
import { isObject } from '../../dsl/ir/index.ts';
import type { Trace } from './behavior.ts';

/** The variables for locals that no thread needs any more, or yet, in a state; what they hold there means nothing. */
export function unusedLocals({ processes }: System, state: ObjectValue): readonly string[] {
  return processes.flatMap((process) => {
    const used = new Set(threadsIn(state[process.counter]).flatMap(({ label }) => keptAt(process, label)));
    return localsOf(process).filter((name) => !used.has(name));
  });
}

/**
 * The second of two states, in which locals that their thread does not need any more are as in the first: that they are
 * set back is no change to tell of.
 */
export function withLocalsLeft({ processes }: System, from: ObjectValue, to: ObjectValue): ObjectValue {
  const left: Record<string, Value> = { ...to };
  for (const process of processes) {
    const threads = threadsIn(to[process.counter]);
    for (const name of localsOf(process)) {
      for (const { path, label } of threads) {
        if (!keptAt(process, label).includes(name)) left[name] = copied(left[name], from[name], path);
      }
    }
  }
  return left;
}

/** A state of a trace without what means nothing in it: such locals, and records over nothing, as a process has without threads. */
export function toldState({ states, unused }: Pick<Trace, 'states' | 'unused'>, index: number): ObjectValue {
  const hidden = new Set(unused?.[index]);
  const isEmpty = (value: Value): boolean => isObject(value) && Object.keys(value).length === 0;
  return Object.fromEntries(
    Object.entries(states[index] ?? {}).filter(([name, value]) => !hidden.has(name) && !isEmpty(value)),
  );
}

function localsOf({ kept = [] }: Process): readonly string[] {
  return [...new Set(kept.flat())];
}

function keptAt({ labels, kept = [] }: Process, label: string): readonly string[] {
  return kept[labels.indexOf(label)] ?? [];
}

interface Standing {
  /** The values of the arguments of the thread. */
  readonly path: readonly string[];
  readonly label: string;
}

/** Where all threads of a process stand: the counter is a record over each argument, and a label at last. */
function threadsIn(counter: Value, path: readonly string[] = []): readonly Standing[] {
  if (!isObject(counter)) return [{ path, label: String(counter) }];
  return Object.keys(counter).flatMap((key) => threadsIn(counter[key], [...path, key]));
}

function copied(to: Value, from: Value, [key, ...rest]: readonly string[]): Value {
  if (key === undefined) return from;
  if (!isObject(to) || !isObject(from)) return to;
  return { ...to, [key]: copied(to[key], from[key], rest) };
}
