import { describe, expect, it } from 'vitest';
import { FAILED, FALSE, TRUE } from '../../../checker/engine/next-state.ts';
import type { Truth } from '../../../checker/engine/next-state.ts';
import type { Letters } from '../../../checker/liveness/letters.ts';
import { always, and, atom, constant, negate, or } from '../../../checker/liveness/ltl.ts';
import { truthNow } from '../../../checker/liveness/obligations.ts';

/** The truth of a formula over two atoms that have these truths. */
function truthOf(formula: Parameters<typeof truthNow>[1], ...atoms: readonly Truth[]): Truth {
  const letters: Partial<Letters> = { truth: (index) => atoms[index]! };
  return truthNow(letters as Letters, formula, 0, 0);
}

const [p, q] = [atom(0), atom(1)];

describe('the truth of a formula now', () => {
  it.each([
    [TRUE, TRUE, TRUE, TRUE],
    [TRUE, FALSE, FALSE, TRUE],
    [FALSE, TRUE, FALSE, TRUE],
    [FALSE, FALSE, FALSE, FALSE],
    // One that fails makes it fail, unless the other side decides.
    [TRUE, FAILED, FAILED, TRUE],
    [FAILED, TRUE, FAILED, TRUE],
    [FALSE, FAILED, FALSE, FAILED],
    [FAILED, FALSE, FALSE, FAILED],
    [FAILED, FAILED, FAILED, FAILED],
  ] as const)('of %i and %i: conjunction %i, disjunction %i', (left, right, conjunction, disjunction) => {
    expect(truthOf(and(p, q), left, right)).toBe(conjunction);
    expect(truthOf(or(p, q), left, right)).toBe(disjunction);
  });

  it('of a negation is the other, or fails too', () => {
    expect(([TRUE, FALSE, FAILED] as const).map((truth) => truthOf(negate(p), truth))).toEqual([FALSE, TRUE, FAILED]);
  });

  it('of a constant is itself', () => {
    expect([truthOf(constant(true)), truthOf(constant(false))]).toEqual([TRUE, FALSE]);
  });

  it('is not asked of what is about later', () => {
    expect(() => truthOf(always(p), TRUE)).toThrow('internal');
  });
});
