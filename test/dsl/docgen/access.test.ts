import { describe, expect, it } from 'vitest';
import { initialSteps, stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import { hasLockShape } from '../../../checker/locks/lock.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { accessOf, partAccessOf, partsOfVariable } from '../../../dsl/docgen/access.ts';
import { formatValue } from '../../../dsl/ir/index.ts';
import type { ObjectValue, System, Value } from '../../../dsl/ir/index.ts';
import { specModels } from '../../support/specs.ts';
import { systemOf } from '../compiler/compiled.ts';
import { randomLanguageSystems } from '../export/random.ts';

const SPEC = `
  import { enter, exit, mutex } from 'fairlead/sync';
  const Ring = ids('Ring', () => 2);
  const ring = z.object({ lock: mutex(z.enum(['w', 'c'])), state: z.enum(['on', 'off']), n: z.int().min(0).max(3) });
  export const rings = spec('rings', {
    state: () => ({ ring: z.record(Ring, ring), last: z.nullable(Ring), flags: z.record(Ring, z.boolean()),
      pair: z.object({ a: z.boolean(), b: z.boolean() }), big: mutex(z.enum(['w'])) }),
  });
  export const take = rings.action({ r: Ring }, (s, { r }) => { enter(s.ring[r].lock, 'w'); s.last = r; });
  export const turn = rings.action({ r: Ring }, (s, { r }) => {
    when(s.ring[r].lock.owner === 'w' && s.flags[r]);
    s.ring[r].state = s.pair.a ? 'on' : 'off';
    s.pair.b = true;
  });
  export const reset = rings.action({ r: Ring }, (s, { r }) => {
    s.ring[r] = { lock: { owner: null }, state: 'off', n: 0 };
    s.big.owner = null;
  });
  export const model = rings.model({});
`;

describe('who reads and writes which part of the state', () => {
  const system = systemOf(SPEC);

  it('goes by the fields of what a variable has, and not into locks', () => {
    expect(system.variables.map((variable) => partsOfVariable(variable, hasLockShape))).toEqual([
      ['ring[·].lock', 'ring[·].state', 'ring[·].n'],
      ['last'],
      ['flags'],
      ['pair.a', 'pair.b'],
      ['big'],
    ]);
  });

  it('is what a step mentions of it', () => {
    const found = system.actions.map((action) => {
      const { reads, writes } = partAccessOf(action, system.variables, hasLockShape);
      return { name: action.name, reads: [...reads].sort(), writes: [...writes].sort() };
    });
    expect(found).toEqual([
      { name: 'take', reads: ['ring[·].lock'], writes: ['last', 'ring[·].lock'] },
      { name: 'turn', reads: ['flags', 'pair.a', 'ring[·].lock'], writes: ['pair.b', 'ring[·].state'] },
      { name: 'reset', reads: [], writes: ['big', 'ring[·].lock', 'ring[·].n', 'ring[·].state'] },
    ]);
  });
});

/** A state with a part of it taken from another one, at all keys that both have. */
function withPart(state: ObjectValue, part: string, from: ObjectValue): ObjectValue {
  const segments = part.split(/(?=\[·\])|\./);
  const go = (value: Value, other: Value, [first, ...rest]: readonly string[]): Value => {
    if (first === undefined) return other;
    const [one, two] = [value, other] as unknown as [Record<string, Value>, Record<string, Value>];
    const keys = first === '[·]' ? Object.keys(one) : [first];
    const isList = Array.isArray(one);
    const made = Object.fromEntries(
      Object.entries(one).map(([key, inner]) => [
        key,
        keys.includes(key) && key in two ? go(inner, two[key], rest) : inner,
      ]),
    );
    return isList ? Object.values(made) : made;
  };
  return go(state, from, segments) as ObjectValue;
}

describe('what a step is said to read and write', () => {
  const models = specModels(
    /^(vmm-drv\/models\/one-ring|classic\/(peterson|bakery|robust-mutex|two-phase-commit)|sync\/condvar)$/,
  );
  const systems = [
    ...models
      .filter(({ file }, index) => models.findIndex((one) => one.file === file) === index)
      .map((one) => one.system()),
    systemOf(SPEC),
    ...randomLanguageSystems(81_000, 30, 1),
  ];
  const seen = { changes: 0, unread: 0 };

  it.each(systems.map((system, index) => [`${system.name} ${index}`, system] as const))(
    'is all that matters to it in %s',
    (_, system: System) => {
      const plan = planOf(system);
      if (isRefused(plan)) return;
      const states = [...initialSteps(plan).successors.slice(0, 5)];
      const known = new Set(states.map(formatValue));
      for (let at = 0; at < states.length && states.length < 60; at += 1) {
        for (const instance of plan.instances) {
          for (const next of stepsOf(plan, states[at]!, instance).successors) {
            if (known.has(formatValue(next))) continue;
            known.add(formatValue(next));
            states.push(next);
          }
        }
      }
      const parts = system.variables.flatMap((variable) => partsOfVariable(variable, hasLockShape));
      for (const instance of plan.instances) {
        const { reads, writes } = partAccessOf(instance.action, system.variables, hasLockShape);
        const whole = accessOf(instance.action);
        if (system.processes.length === 0) {
          const variablesOf = (names: ReadonlySet<string>): Set<string> =>
            new Set(Array.from(names, (name) => name.split(/[.[]/)[0]!));
          expect([variablesOf(reads), variablesOf(writes)]).toEqual([whole.reads, whole.writes]);
        }
        for (const [index, state] of states.slice(0, 25).entries()) {
          const before = stepsOf(plan, state, instance);
          for (const part of parts) {
            // What it does not write is as before.
            for (const next of writes.has(part) ? [] : before.successors) {
              expect(formatValue(withPart(next, part, state))).toBe(formatValue(next));
              seen.changes += 1;
            }
            if (reads.has(part)) continue;
            // What it does not read makes no difference to the rest.
            const other = states[(index * 7 + 3) % states.length]!;
            const after = stepsOf(plan, withPart(state, part, other), instance);
            const masked = (list: readonly ObjectValue[]): string[] =>
              list.map((one) => formatValue(withPart(one, part, state)));
            expect(masked(after.successors)).toEqual(masked(before.successors));
            seen.unread += 1;
          }
        }
      }
    },
    120_000,
  );

  it('has been tried often enough', () => {
    expect([seen.changes > 1000, seen.unread > 10_000, seen]).toEqual([true, true, seen]);
  });
});
