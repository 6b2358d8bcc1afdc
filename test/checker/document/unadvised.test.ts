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
    // In the smallest model nobody adds anything, so what `ends` needs is asked where somebody does as well.
    expect(asked(0)).toEqual(['tiny: ends', 'small: ends, fromTwo']);
  });

  it('is asked where they fail when they hold nowhere', () => {
    expect(asked(0, systems.slice(0, 1))).toEqual(['stuck: ends']);
  });

  it('is none where some model says it', () => {
    expect(asked(6)).toEqual([]);
    expect(asked(2)).toEqual(['small: ends, fromTwo']);
  });

  const PARTED = `
    export const parted = spec('parted', {
      params: { to: z.int().min(1).max(9).default(2), isRested: z.boolean().default(false), isNeat: z.boolean().default(false) },
      state: (p) => ({ n: z.int().min(0).max(9), isTired: z.boolean(), isDirty: z.boolean() }),
      init: (s, p) => { s.isTired = p.isRested; s.isDirty = p.isNeat; },
    });
    export const add = parted.action((s, p) => { when(s.n < p.to && !s.isTired && !s.isDirty); s.n += 1; });
    export const rest = parted.action((s) => { when(s.isTired); s.isTired = false; });
    export const clean = parted.action((s) => { when(s.isDirty); s.isDirty = false; });
    export const going = parted.fairness(weak(add, rest));
    export const cleaning = parted.fairness(weak(clean));
    export const ends = parted.property((s, p) => eventually(s.n === p.to), { under: [going] });
    export const done = parted.terminal((s, p) => s.n === p.to);
    export const small = parted.model({});
    export const smallRested = parted.model({ isRested: true, to: 5 });
    export const largeRested = parted.model({ isRested: true, to: 9 });
    export const neat = parted.model({ isNeat: true, to: 4 }, { violates: [ends] });
  `;

  it('is also what an assumption is good for that is about nothing in the models that were asked', () => {
    const parted = systemsOf(PARTED);
    expect(asked(0, parted)).toEqual(['small: ends', 'smallRested: ends']);
    expect(asked(3, parted)).toEqual(['smallRested: ends']);
    expect(asked(100, parted)).toEqual([]);
  });
});
