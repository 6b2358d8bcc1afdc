import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { formatStep } from '../../../checker/plan/step-name.ts';
import type { PropertyAdvice } from '../../../checker/verdict/verdict.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

/** A light that turns only while somebody looks away; who looks may look for ever. */
const SPEC = `
  export const light = spec('light', { state: () => ({ on: z.boolean(), looks: z.boolean() }) });
  export const look = light.action((s) => { s.looks = !s.looks; });
  export const turn = light.action((s) => { when(!s.looks && !s.on); s.on = true; });
  export const eyes = light.fairness(weak(look));
  export const hand = light.fairness(strong(turn));
  export const shines = light.property((s) => eventually(s.on));
`;

function adviceOf(source: string, explainAdvice = true): PropertyAdvice {
  return check(systemOf(source), { advise: true, explainAdvice }).advice![0]!;
}

describe('what can happen without an assumption that is needed', () => {
  const { kind, assumptions } = adviceOf(SPEC);

  it('is told of each of them, with the step that never comes', () => {
    expect(kind).toBe('needs');
    expect(assumptions.map(({ name, otherwise }) => [name, otherwise!.untaken.map(formatStep)])).toEqual([
      ['look', ['look']],
      ['turn', ['turn']],
    ]);
  });

  it('is fair to all others, and violates the property', () => {
    const [withoutLook, withoutTurn] = assumptions.map(({ otherwise }) => otherwise!.trace);
    // With nobody who has to look away all may stop there; with that the light has to be ready again and again.
    expect(withoutLook!.steps.map(formatStep)).toEqual(['look']);
    expect(withoutLook!.loop).toBe(1);
    expect(withoutLook!.fairness!.map(({ about }) => about.name)).toEqual(['turn']);
    expect(withoutTurn!.steps.map(formatStep)).toEqual(['look', 'look']);
    expect(withoutTurn!.loop).toBe(0);
    // That strong fairness is needed is shown by what weak fairness of the same does not exclude.
    const assumed = withoutTurn!.fairness!.map(({ strength, about }) => `${strength} ${about.name}`);
    expect(assumed).toEqual(['weak look', 'weak turn']);
    for (const { states } of [withoutLook!, withoutTurn!]) expect(states.every(({ on }) => on === false)).toBe(true);
  });

  it('is not asked for by who only wants to know what is needed', () => {
    expect(adviceOf(SPEC, false).assumptions.map((one) => one.otherwise)).toEqual([undefined, undefined]);
  });

  it('names of several steps those that the loop could take', () => {
    const two = SPEC.replace(
      'export const hand',
      'export const other = light.action((s) => { when(s.on); });\nexport const hand',
    ).replace('strong(turn)', 'strong.any(turn, other)');
    expect(adviceOf(two).assumptions.at(-1)!.otherwise!.untaken.map(formatStep)).toEqual(['turn']);
  });
});
