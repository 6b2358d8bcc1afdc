import { describe, expect, it } from 'vitest';
import * as atomic from '../../../specs/sync/atomic.ts';
import * as barrier from '../../../specs/sync/barrier.ts';
import * as condvar from '../../../specs/sync/condvar.ts';
import * as mutex from '../../../specs/sync/mutex.ts';
import * as rwlock from '../../../specs/sync/rwlock.ts';
import * as semaphore from '../../../specs/sync/semaphore.ts';
import * as signals from '../../../specs/sync/signals.ts';
import { named, safetyOf } from '../../support/safety.ts';

const modules = { atomic, barrier, condvar, mutex, rwlock, semaphore, signals };

const models = Object.entries(modules).flatMap(([primitive, module]) =>
  named(module).flatMap((declared) => (declared.kind === 'model' ? [{ primitive, model: declared }] : [])),
);

describe('the laws of the primitives, with their bodies run as JavaScript', () => {
  it('are stated for every primitive', () => {
    expect(new Set(models.map(({ primitive }) => primitive)).size).toBe(Object.keys(modules).length);
  });

  it.each(models.map((one) => [`${one.primitive} ${one.model.name!}`, one.primitive, one.model] as const))(
    'are as expected in %s, as far as single states go',
    (_, primitive, model) => {
      const { violates, unreachable, deadlocks, distinct } = model.expectations;
      const verdict = safetyOf(model.spec, model);
      expect(verdict.violated).toEqual(violates.filter((one) => one.kind === 'invariant').map((one) => one.name));
      expect(verdict.unreachable).toEqual(unreachable.map((one) => one.name));
      expect(verdict.deadlocks).toBe(deadlocks === true);
      expect(verdict.failures).toEqual([]);
      // States that differ only in what a thread has loaded look the same from outside.
      if (primitive === 'atomic') expect(verdict.states).toBeLessThanOrEqual(distinct!);
      else expect(verdict.states).toBe(distinct);
    },
  );
});
