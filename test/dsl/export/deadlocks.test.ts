import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import type { System } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';
import { randomSystems } from './random.ts';
import { isSpinHere, WITH_SPIN } from './spin.ts';
import { ownJudgment, spinJudgment } from './spin-verdicts.ts';
import { runTlc } from './tlc/explore.ts';

function ignoring(system: System): System {
  return { ...system, model: { ...system.model, deadlocks: 'ignored' } };
}

async function tlc(system: System) {
  const exported = exportTla(system);
  if (isRefusal(exported)) return undefined;
  const { config } = exported;
  const run = await runTlc(exported.module, config).catch(() => undefined);
  return run && { config, deadlocks: run.deadlocks, others: [...run.violated].sort(), distinct: run.distinct };
}

/** All steps of a random system under a condition of it, so that many have states without any. */
function guarded(system: System): System {
  const guard = ir.when(system.invariants[0]!.predicate);
  return { ...system, actions: system.actions.map((action) => ({ ...action, body: [guard, ...action.body] })) };
}

const deadlocking = randomSystems(4000, 60, 2)
  .map(guarded)
  .filter((system) => {
    const result = check(system);
    // Where something fails, TLC goes no further: it may have come to no deadlock before.
    if (result.verdicts.some(({ outcome }) => 'failure' in outcome)) return false;
    const { deadlocks, distinct } = ownJudgment(system, result);
    return deadlocks && distinct < 300;
  });

describe('a system whose deadlocks are not judged', () => {
  it('is found in what is random', () => expect(deadlocking.length).toBeGreaterThan(8));

  it('has no verdict about them, and is otherwise what it is', () => {
    for (const system of deadlocking) {
      const [judged, ignored] = [check(system), check(ignoring(system))];
      expect(ignored.deadlocks).toBe('ignored');
      expect(ignored.verdicts).toEqual(judged.verdicts.filter(({ kind }) => kind !== 'deadlock'));
      expect(ignored.statistics.distinct).toBe(judged.statistics.distinct);
      expect(check(ignoring(system), { engine: 'interpreted' }).verdicts).toEqual(ignored.verdicts);
    }
  });

  it('is the same to TLC', async () => {
    let compared = 0;
    for (const system of deadlocking) {
      const [judged, ignored] = [await tlc(system), await tlc(ignoring(system))];
      if (judged === undefined || ignored === undefined) continue;
      expect(judged.deadlocks).toBe(true);
      expect(ignored).toMatchObject({ deadlocks: false, others: judged.others, distinct: judged.distinct });
      expect(ignored.config).toContain('CHECK_DEADLOCK FALSE');
      expect(ignored.config).not.toContain('NoDeadlock');
      compared += 1;
    }
    expect(compared).toBeGreaterThan(4);
  });

  it.skipIf(!isSpinHere())(`is the same ${WITH_SPIN}`, () => {
    let compared = 0;
    for (const system of deadlocking) {
      if (compared === 3) break;
      try {
        const spin = spinJudgment(ignoring(system));
        expect(spin).toEqual({ ...ownJudgment(system), deadlocks: false });
        compared += 1;
      } catch (error) {
        // What Promela has no words for is refused.
        if (!(error as Error).message.startsWith('[')) throw error;
      }
    }
    expect(compared).toBe(3);
  });
});
