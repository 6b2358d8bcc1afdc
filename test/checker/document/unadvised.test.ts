import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { unadvised } from '../../../checker/document/unadvised.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { systemsOf } from '../../dsl/compiler/compiled.ts';

const SPEC = `
  export const counting = spec('counting', {
    params: { to: z.int().min(0).max(9).default(1), isStuck: z.boolean().default(false) },
    state: () => ({ n: z.int().min(0).max(9) }),
  });
  export const add = counting.action((s, p) => { when(s.n < p.to && !(p.isStuck && s.n === 1)); s.n += 1; });
  export const going = counting.fairness(weak(add));
  export const ends = counting.property((s, p) => eventually(s.n === p.to));
  export const fromTwo = counting.property((s, p) => leadsTo(s.n === 2, s.n === p.to));
  export const stuck = counting.model({ to: 2, isStuck: true }, { violates: [ends], deadlocks: true });
  export const large = counting.model({ to: 9 });
  export const small = counting.model({ to: 5 });
  export const tiny = counting.model({ to: 0 });
`;

describe('the fairness that is still to be worked out', () => {
  const systems = systemsOf(SPEC);
  const asked = (adviseUpTo: number, given: readonly System[] = systems): readonly string[] =>
    unadvised(
      given.map((system) => ({ system, result: check(system, { advise: true, adviseUpTo, deadlock: false }) })),
    ).map(({ system, properties }) => `${system.model.name}: ${properties.join(', ')}`);

  it('is that of properties of which no model says it, in the smallest one where they hold and say something', () => {
    expect(asked(0)).toEqual(['tiny: ends', 'small: fromTwo']);
  });

  it('is asked where they fail when they hold nowhere', () => {
    expect(asked(0, systems.slice(0, 1))).toEqual(['stuck: ends']);
  });

  it('is none where some model says it', () => {
    expect(asked(6)).toEqual([]);
    expect(asked(2)).toEqual(['small: fromTwo']);
  });
});
