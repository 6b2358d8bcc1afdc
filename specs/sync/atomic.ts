import { all, eventually, ids, implies, spec, weak, z } from 'fairlead';
import { atomic, compareAndSwap, fetchAdd } from 'fairlead/sync';

const Thread = ids('Thread', (p) => p.threads);

/**
 * Threads that each add one to a shared counter.
 *
 * @notModeled
 * Memory that is weaker than sequentially consistent.
 */
export const atomicLaws = spec('atomic counter', {
  params: {
    threads: z.int().min(1).max(4).default(3),
    by: z.enum(['fetchAdd', 'compareAndSwap', 'loadAndStore']).default('fetchAdd'),
  },
  state: (p) => ({ counter: atomic(z.int().min(0).max(p.threads)) }),
});

export const adder = atomicLaws.process({ t: Thread }, function* (s, _, p) {
  if (p.by === 'fetchAdd') {
    yield 'add';
    fetchAdd(s.counter, 1);
    return;
  }
  while (true) {
    yield 'load';
    const seen = s.counter.value;
    yield 'store';
    if (p.by === 'loadAndStore') {
      s.counter.value = seen + 1;
      return;
    }
    if (compareAndSwap(s.counter, seen, seen + 1)) return;
  }
});

/** No addition is lost. */
export const exact = atomicLaws.invariant((s, p) =>
  implies(
    all(Thread, (t) => adder.at({ t }, 'done')),
    s.counter.value === p.threads,
  ),
);

export const runs = atomicLaws.fairness(weak(adder));

/** Everybody comes to an end: a swap fails only because another one succeeded. */
export const finishes = atomicLaws.property(() => all(Thread, (t) => eventually(adder.at({ t }, 'done'))));

export const added = atomicLaws.model({}, { distinct: 8 });
export const swapped = atomicLaws.model({ by: 'compareAndSwap' }, { distinct: 48 });
export const lost = atomicLaws.model({ by: 'loadAndStore' }, { violates: [exact], distinct: 59 });
