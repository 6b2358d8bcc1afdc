import type { ActorName, StepName } from '../../checker/plan/step-name.ts';
import type { StatePlace } from '../../dsl/ir/index.ts';

/** `send(r0, r1)`; values are texts. */
export function step(text: string): StepName {
  const [, action, values] = /^([\w.]+)(?:\((.*)\))?$/.exec(text)!;
  return { action: action!, arguments: values?.split(', ') ?? [] };
}

/** A thread, `worker(r0)`, or an argument, `r0`. */
export function actor(text: string): ActorName {
  const { action, arguments: values } = step(text);
  return values.length === 0
    ? { kind: 'argument', value: text }
    : { kind: 'thread', process: action, arguments: values };
}

/** `lease[r0].owner`; variables have no dots. */
export function place(text: string): StatePlace {
  const [, variable, rest] = /^(\w+)(.*)$/.exec(text)!;
  const segments = Array.from(rest!.matchAll(/\.(\w+)|\[([^\]]*)\]/g), ([, field, key]) =>
    field === undefined ? ({ kind: 'key', text: key! } as const) : ({ kind: 'field', text: field } as const),
  );
  return { variable: variable!, segments };
}
