import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causesOf } from '../../../checker/counterexample/falsity.ts';
import type { Cause, Moment } from '../../../checker/counterexample/falsity.ts';
import { compileEngine } from '../../../checker/engine/javascript/engine.ts';
import { lowered } from '../../../checker/engine/lowered.ts';
import { evaluateIn, evaluatePredicate, interpret } from '../../../checker/engine/interpreter.ts';
import { TRUE } from '../../../checker/engine/next-state.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { explore } from '../../../checker/search/breadth-first.ts';
import { fold } from '../../../dsl/ir/fold.ts';
import { equalValues, formatValue, isArray, isObject, formatPlace } from '../../../dsl/ir/index.ts';
import type { Expression, ObjectValue, System, Value } from '../../../dsl/ir/index.ts';
import { systemFrom } from '../../support/arbitrary-system.ts';
import * as ir from '../../support/ir.ts';
import { Domains } from '../../support/random-system/domain.ts';

const NO_LOCALS: ReadonlyMap<string, Value> = new Map();

/** Some of the reachable states of a system, and of the steps between them. */
function momentsOf(plan: Plan, ofStep: boolean): readonly Moment[] {
  const engine = interpret(plan);
  const { states, graph } = explore(engine, plan.roles, {
    instances: plan.instances.length,
    branches: plan.branches.list.length,
    deadlock: false,
    keepSteps: true,
    stopAtFirst: false,
    poll: () => undefined,
    maxStates: 60,
  });
  const stateOf = (number: number): ObjectValue => plan.layout.decode(states.wordsOf(number), 0);
  const numbers = Array.from({ length: Math.min(60, states.count) }, (_, number) => number);
  if (!ofStep) return numbers.map((number) => ({ state: stateOf(number) }));
  return numbers
    .slice(0, graph!.size)
    .flatMap((number) =>
      [...graph!.targets.subarray(graph!.offsets[number], graph!.offsets[number + 1])]
        .filter((target) => 0 <= target && target < states.count)
        .map((target) => ({ state: stateOf(number), next: stateOf(target) })),
    );
}

/** What stands at a path like `v0.f[r1]`, found without the checker. */
function valueAt(state: ObjectValue, path: string): Value {
  const [, variable, rest] = /^([^.[]*)(.*)$/s.exec(path)!;
  let value: Value = state[variable!];
  for (const [, field, key] of rest!.matchAll(/\.([^.[]+)|\[([^\]]*)\]/g)) {
    if (isArray(value)) value = value[Number(key)];
    else if (isObject(value))
      value = value[field ?? Object.keys(value).find((one) => formatValue(one) === key || one === key)!];
  }
  return value;
}

const asksForSteps = (expression: Expression): boolean =>
  fold<boolean>(expression, (node, parts) => node.kind === 'enabled' || parts.includes(true));

/** Explains every false predicate of a system wherever it is false. */
function explained(system: System, judge: (found: Explained) => void): void {
  const plan = planOf(system);
  if (isRefused(plan)) return;
  for (const [ids, ofStep] of [
    [plan.roles.invariants, false],
    [plan.roles.steps, true],
  ] as const) {
    const moments = momentsOf(plan, ofStep);
    for (const predicate of ids) {
      const { expression } = plan.predicates[predicate]!;
      const truth = ({ state, next }: Moment) => evaluatePredicate(plan, predicate, state, next);
      for (const moment of moments.filter((one) => truth(one) === false).slice(0, 6)) {
        const causes = causesOf(plan, expression, NO_LOCALS, moment);
        judge({ plan, expression, moment, moments, causes, truth });
      }
    }
  }
}

interface Explained {
  readonly plan: Plan;
  readonly expression: Expression;
  readonly moment: Moment;
  readonly moments: readonly Moment[];
  readonly causes: readonly Cause[];
  readonly truth: (moment: Moment) => unknown;
}

/** Random systems, with the predicates of two of them in all ways to combine two. */
const systems = fc
  .record({ seed: fc.integer({ min: 0, max: 0x7fffffff }), size: fc.integer({ min: 1, max: 4 }) })
  .map(({ seed, size }): System => {
    const system = systemFrom(seed, size);
    const combined = (list: System['invariants']): System['invariants'] => {
      const [left, right] = [list[0]!.predicate, list.at(-1)!.predicate];
      const ways = [
        ir.or(left, right),
        ir.and(left, right),
        ir.not(ir.or(left, right)),
        ir.not(ir.and(left, right)),
        ir.or(ir.not(left), ir.not(right)),
        ir.implies(left, right),
        ir.not(ir.implies(left, right)),
        ir.conditional(left, right, ir.not(right)),
      ];
      return [...list, ...ways.map((way, index) => ir.predicate(`way${index}`, way))];
    };
    return { ...system, invariants: combined(system.invariants), steps: combined(system.steps) };
  });

/** The same moment with other values in a variable or two, reachable or not. */
function changed({ system }: Plan, moment: Moment, seed: number): Moment {
  const random = new Domains(seed);
  const change = (state: ObjectValue): ObjectValue => {
    const variables = [seed, seed >> 2].map((at) => system.variables[at % system.variables.length]!);
    return { ...state, ...Object.fromEntries(variables.map(({ name, domain }) => [name, random.value(domain)])) };
  };
  const { state, next } = moment;
  if (next === undefined) return { state: change(state) };
  return seed % 2 === 0 ? { state, next: change(next) } : { state: change(state), next };
}

describe('what makes a random predicate false', () => {
  it('is as it is told, to generated JavaScript as well', { timeout: 300_000 }, () => {
    let told = 0;
    fc.assert(
      fc.property(systems, (system) => {
        explained(system, ({ moment, causes }) => {
          expect(causes.length).toBeGreaterThan(0);
          const ofStep = moment.next !== undefined;
          const asked = planOf(
            system,
            causes.map(({ expression }) => ({ expression, bindings: new Map(), ofStep })),
          );
          if (isRefused(asked)) throw new Error('refused');
          const engine = compileEngine(lowered(asked));
          if ('unsupported' in engine) return;
          const words = (state: ObjectValue): Int32Array => {
            const at = new Int32Array(asked.layout.words);
            asked.layout.encode(state, at, 0);
            return at;
          };
          causes.forEach(({ part }, index) => {
            const id = asked.roles.extra[index]!;
            const truth =
              moment.next === undefined
                ? engine.holds(id, words(moment.state), 0)
                : engine.holdsOfStep(id, words(moment.state), 0, words(moment.next), 0);
            expect(truth === TRUE).toBe(part.isTrue);
            told += 1;
          });
        });
      }),
      { numRuns: 40 },
    );
    expect(told).toBeGreaterThan(200);
  });

  it('reads what stands in the state', () => {
    let read = 0;
    fc.assert(
      fc.property(systems, (system) => {
        explained(system, ({ moment, causes }) => {
          for (const { part } of causes) {
            for (const { place, value, isNext } of [...part.reads, ...part.bound.flatMap(({ reads }) => reads)]) {
              const path = formatPlace(place);
              const state = isNext === true ? moment.next! : moment.state;
              if (/["'\\]/.test(path)) continue; // keys that are texts with signs in them
              expect([path, valueAt(state, path)]).toEqual([path, value]);
              read += 1;
            }
          }
        });
      }),
      { numRuns: 150 },
    );
    expect(read).toBeGreaterThan(300);
  });

  it('is enough: whatever else a state is like, the predicate is not true there', { timeout: 300_000 }, () => {
    let others = 0;
    fc.assert(
      fc.property(systems, (system) => {
        explained(system, ({ plan, expression, moments, causes, truth, moment }) => {
          if (asksForSteps(expression)) return; // whether a step is enabled depends on more than its guards
          const isAlike = (other: Moment): boolean =>
            causes.every(({ readings }) =>
              readings.every(({ probe }) => {
                const [here, there] = [moment, other].map(({ state, next }) =>
                  evaluateIn(plan, probe, NO_LOCALS, state, next),
                );
                return 'value' in here! && 'value' in there! && equalValues(here.value, there.value);
              }),
            );
          const near = Array.from({ length: 30 }, (_, seed) => changed(plan, moment, seed));
          for (const other of [...moments, ...near].filter(isAlike)) {
            expect(truth(other)).not.toBe(true);
            others += 1;
          }
        });
      }),
      { numRuns: 150 },
    );
    expect(others).toBeGreaterThan(1000);
  });
});
