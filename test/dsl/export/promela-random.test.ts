import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { exportPromela } from '../../../dsl/export/promela.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { randomLanguageSystems, randomSystems } from './random.ts';
import { isSpinHere, WITH_SPIN } from './spin.ts';
import { ownJudgment, spinJudgment } from './spin-verdicts.ts';
import { together } from './together.ts';

/** `SPIN=whole` in the environment looks at ten times as many. */
const everything = process.env['SPIN'] === 'whole';

describe.skipIf(!isSpinHere())(`random systems ${WITH_SPIN}`, () => {
  const AT_ONCE = 8;
  const MOST_STATES = 400;
  const seen = { systems: 0, asking: 0, refused: 0, large: 0, states: 0, deadlocks: 0, violated: 0 };

  /** Those that can be judged here and there, and have a state. */
  const suitable = (systems: readonly System[]): System[] =>
    systems.filter((system) => {
      if (isRefusal(exportPromela(system))) {
        // Steps that ask what is enabled are refused by name.
        if (JSON.stringify(system.actions).includes('"kind":"enabled"')) seen.asking += 1;
        else seen.refused += 1;
        return false;
      }
      const { statistics } = check(system, { maxStates: MOST_STATES, reduction: 'none' });
      if (statistics.cut !== undefined || statistics.distinct === 0) seen.large += 1;
      return statistics.cut === undefined && 0 < statistics.distinct;
    });

  const judge = (systems: readonly System[]): void => {
    for (let from = 0; from < systems.length; from += AT_ONCE) {
      const some = systems.slice(from, from + AT_ONCE);
      const all = together(some);
      const result = check(all);
      const own = ownJudgment(all, result);
      const spin = spinJudgment(all);
      // What cannot be evaluated, SPIN reports by its message; which came first is not asked.
      const names = new Set([...all.invariants, ...all.steps].map(({ name }) => name));
      const failing = new Set(result.verdicts.flatMap(({ name, outcome }) => ('failure' in outcome ? [name] : [])));
      const comparable = (violated: readonly string[]): string[] =>
        [...new Set(violated)].filter((name) => {
          const bare = name.replace(/^reached /, '');
          return (names.has(name) || bare !== name) && !failing.has(bare);
        });
      expect({ ...spin, violated: comparable(spin.violated) }).toEqual({ ...own, violated: comparable(own.violated) });
      if (failing.size > 0) expect(spin.violated.some((message) => !names.has(message))).toBe(true);
      seen.systems += some.length;
      seen.states += spin.distinct;
      seen.deadlocks += Number(spin.deadlocks);
      seen.violated += spin.violated.length;
    }
  };

  it.each([0, 1, 2, 3])('of the whole IR have as many states and the same verdicts (size %i)', (size) => {
    judge(suitable(randomSystems(1000 * size, everything ? 400 : 40, size + 1)));
  });

  it.each([0, 1, 2])('of the language have as many states and the same verdicts (size %i)', (size) => {
    judge(suitable(randomLanguageSystems(1000 * size, everything ? 400 : size === 0 ? 140 : 40, size)));
  });

  it('are worth comparing', () => {
    expect(seen.systems).toBeGreaterThan(120);
    expect(seen.states / seen.systems).toBeGreaterThan(5);
    expect(seen.asking).toBeGreaterThan(10);
    expect(seen.refused).toBeLessThan(seen.systems / 10);
    expect(seen.deadlocks).toBeGreaterThan(1);
    expect(seen.violated).toBeGreaterThan(60);
  });
});
