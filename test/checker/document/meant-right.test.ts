import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { isMeantRight, isMutant } from '../../../checker/document/meant-right.ts';
import { systemsOf } from '../../dsl/compiler/compiled.ts';

const SPEC = `
  /** @mutations left */
  export const counting = spec('counting', {
    params: { left: z.enum(['nothing', 'guard']).default('nothing'), to: z.int().min(1).max(4).default(3) },
    state: () => ({ n: z.int().min(0).max(5) }),
  });
  export const add = counting.action((s, p) => { when(p.left === 'guard' || s.n < p.to); when(s.n < 5); s.n += 1; });
  export const small = counting.invariant((s) => s.n <= 3);
  export const ends = counting.property((s, p) => eventually(s.n === p.to), { under: [] });
  export const end = counting.terminal((s, p) => s.n === p.to);
  export const sound = counting.model({}, { violates: [ends] });
  export const wide = counting.model({ to: 4 }, { violates: [small, ends] });
  export const unguarded = counting.model({ left: 'guard', to: 1 }, { violates: [small, ends], deadlocks: true });
  export const stuck = counting.model({ left: 'nothing', to: 2 }, { violates: [ends] });`;

describe('a model of a protocol as it is meant to be', () => {
  const models = systemsOf(SPEC).map((system) => ({ system, result: check(system) }));
  const named = (name: string) => models.find(({ system }) => system.model.name === name)!;

  it.each([
    ['in which something is only put off for ever is one', 'sound', true],
    ['in which an invariant fails is none, as expected as that may be', 'wide', false],
    ['that leaves a part out is none', 'unguarded', false],
  ])('%s', (_, name, isRight) => {
    expect(named(name).result.verdicts.some(({ outcome }) => outcome.kind === 'violated')).toBe(true);
    expect(isMeantRight(named(name))).toBe(isRight);
  });

  it('leaves a part out only where a parameter named for that has another value than its first', () => {
    expect(models.filter(isMutant).map(({ system }) => system.model.name)).toEqual(['unguarded']);
  });

  it('is none where no step is possible any more, or one fails', () => {
    const [dead] = systemsOf(SPEC.replace('s.n === p.to);\n  export const sound', 's.n > 4);\n  export const sound'));
    const result = check(dead!);
    expect(result.verdicts.find(({ kind }) => kind === 'deadlock')!.outcome.kind).toBe('violated');
    expect(isMeantRight({ system: dead!, result })).toBe(false);
  });
});
