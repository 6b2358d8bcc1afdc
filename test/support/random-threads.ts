import { NO_SPAN } from '../../dsl/diagnostics/span.ts';
import type { Expression, System } from '../../dsl/ir/index.ts';
import * as ir from './ir.ts';
import { randomOf } from './random-number.ts';

/** A thread is its steps; step `i` stands at label `i`, and the thread ends behind the last. */
export type Threads = readonly (readonly Step[])[];

export interface Step {
  readonly guards: readonly Guard[];
  /** Each sets a number, or adds one to it, from 2 back to 0. */
  readonly effects: readonly { readonly at: number; readonly set: number | 'next' }[];
  readonly next: number;
}

export interface Guard {
  readonly at: number;
  readonly is: boolean;
  readonly value: number;
}

/** How many shared numbers there are, and how many values each can have. */
export const NUMBERS = 3;
export const VALUES = 3;

/** Two or three threads of two or three steps: small, and often stuck. */
export function randomThreads(seed: number): Threads {
  const random = randomOf(seed);
  const step = (count: number): Step => ({
    guards: Array.from({ length: random(3) }, () => ({
      at: random(NUMBERS),
      is: random(3) > 0,
      value: random(VALUES),
    })),
    effects: Array.from({ length: random(3) }, () => ({
      at: random(NUMBERS),
      set: random(3) === 0 ? 'next' : random(VALUES),
    })),
    next: random(count + 1),
  });
  return Array.from({ length: 2 + random(2) }, () => {
    const count = 2 + random(2);
    return Array.from({ length: count }, (_, label) => {
      const made = step(count);
      return random(3) === 0 ? made : { ...made, next: (label + 1) % (count + (random(4) === 0 ? 1 : 0)) };
    });
  });
}

/** The same threads for the checker. */
export function systemOf(threads: Threads): System {
  const number = ir.intDomain(0, VALUES - 1);
  const variables = Object.fromEntries(Array.from({ length: NUMBERS }, (_, at) => [`n${at}`, number]));
  const labelsOf = (steps: readonly Step[]): string[] => [...steps.map((_, label) => `l${label}`), 'done'];
  const counters = threads.map((steps) => ir.enumDomain(...labelsOf(steps)));
  const read = (at: number): Expression => ir.variable(`n${at}`, number);
  const actions = threads.flatMap((steps, thread) =>
    steps.map((step, label) => {
      const counter = `t${thread}.pc`;
      const stands = ir.equal(ir.variable(counter, counters[thread]!), ir.literal(`l${label}`));
      const guards = step.guards.map(({ at, is, value }) =>
        ir.when(is ? ir.equal(read(at), ir.literal(value)) : ir.not(ir.equal(read(at), ir.literal(value)))),
      );
      const effects = step.effects.map(({ at, set }) => {
        const next = ir.operation('remainder', ir.add(read(at), ir.literal(1)), ir.literal(VALUES));
        return ir.assign(ir.variablePlace(`n${at}`, number), set === 'next' ? next : ir.literal(set));
      });
      const goes = ir.assign(ir.variablePlace(counter, counters[thread]!), ir.literal(labelsOf(steps)[step.next]));
      return {
        ...ir.action(`t${thread}.l${label}`, {}, ir.when(stands), ...guards, ...effects, goes),
        process: { name: `t${thread}`, label: `l${label}` },
      };
    }),
  );
  const system = ir.system(
    { ...variables, ...Object.fromEntries(counters.map((domain, thread) => [`t${thread}.pc`, domain])) },
    { actions },
  );
  return {
    ...system,
    variables: system.variables.map((one) =>
      one.name.endsWith('.pc') ? { ...one, process: one.name.replace('.pc', '') } : one,
    ),
    processes: threads.map((steps, thread) => ({
      ...{ name: `t${thread}`, doc: '', span: NO_SPAN, arguments: [] },
      ...{ labels: labelsOf(steps), counter: `t${thread}.pc` },
    })),
  };
}
