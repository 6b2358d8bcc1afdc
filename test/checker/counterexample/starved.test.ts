import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { starvedIn } from '../../../checker/counterexample/starved.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { formatActor, formatStep } from '../../../checker/plan/step-name.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

/** One thread wants what another takes and gives back again and again. */
function spec(other: string): string {
  return `
    export const one = spec('one', { state: () => ({ taken: z.boolean(), on: z.boolean() }) });
    export const hungry = one.process(function* (s) { yield 'want'; when(!s.taken); s.on = true; });
    export const greedy = one.process(function* (s) { while (true) { yield 'take'; ${other} yield 'give'; s.taken = false; } });
    export const fair = one.fairness(weak(hungry, greedy));
    export const eats = one.property((s) => eventually(s.on));`;
}

function starved(source: string) {
  const system = systemOf(source);
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error('refused');
  const outcome = check(system, { deadlock: false }).verdicts.find(({ name }) => name === 'eats')!.outcome;
  if (outcome.kind !== 'violated') throw new Error(outcome.kind);
  return {
    loop: outcome.trace.loop,
    found: starvedIn(plan, outcome.trace).map(({ who, able, states }) => ({
      who: formatActor(who),
      able: able.map(formatStep),
      states,
    })),
  };
}

describe('a thread starves', () => {
  it('when it could go on in some states of the loop, and others come first each time', () => {
    const { loop, found } = starved(spec('s.taken = true;'));
    expect(loop).toBe(0);
    expect(found).toEqual([{ who: 'hungry', able: ['hungry.want'], states: [0] }]);
  });

  it('not when it can never go on in the loop: it waits', () => {
    const never = spec('s.taken = true;').replace("yield 'give'; s.taken = false;", "yield 'keep'; s.taken = true;");
    expect(
      starved(
        never
          .replace('({ taken: z.boolean()', '({ n: z.boolean(), taken: z.boolean()')
          .replace("yield 'take';", "yield 'take'; s.n = !s.n;"),
      ).found,
    ).toEqual([]);
  });

  it('not when it could go on all the time: then it only does not begin', () => {
    const idle = spec('s.taken = false;')
      .replace('weak(hungry, greedy)', 'weak(greedy)')
      .replace("yield 'give'; s.taken = false;", "yield 'turn'; s.n = !s.n;")
      .replace('({ taken', '({ n: z.boolean(), taken');
    expect(starved(idle).found).toEqual([]);
  });
});
