import { all, count, ids, leadsTo, some, spec, strong, weak, when, z } from 'fairlead';
import { atomic, swap } from 'fairlead/sync';

const Thread = ids('Thread', (p) => p.threads);
const Flag = z.boolean();

/**
 * A lock that is one word: whoever swaps `true` in and gets `false` out has it.
 *
 * Test-and-set, as old as multiprocessors; looking before swapping is L. Rudolph and Z. Segall, "Dynamic decentralized
 * cache schemes for MIMD parallel processors", ISCA 1984. It excludes and never blocks, but promises nobody a turn.
 *
 * @notModeled
 * Memory that is weaker than sequentially consistent; on most processors the algorithm needs fences. Caches, whose
 * traffic is the reason to look before swapping.
 */
export const spinLock = spec('spin lock', {
  params: {
    threads: z.int().min(1).max(4).default(3),
    /** Whether the word is read and written in one step. */
    swaps: z.boolean().default(true),
  },
  state: () => ({ lock: atomic(Flag) }),
});

export const thread = spinLock.process({ t: Thread }, function* (s, _thread, p) {
  while (true) {
    yield 'rest';
    while (true) {
      yield 'look';
      when(!s.lock.value);
      yield 'take';
      if (p.swaps) {
        if (!swap(s.lock, true)) break;
      } else {
        s.lock.value = true;
        break;
      }
    }
    yield 'critical';
    s.lock.value = false;
  }
});

export const mutualExclusion = spinLock.invariant(() => count(Thread, (t) => thread.at({ t }, 'critical')) <= 1);

/** Whoever has begun goes on as long as it can; nobody has to begin. */
export const weakScheduler = spinLock.fairness(weak(thread, { when: (_, { t }) => !thread.at({ t }, 'rest') }));

/** The same, where a thread that can go on again and again does. */
export const strongScheduler = spinLock.fairness(strong(thread, { when: (_, { t }) => !thread.at({ t }, 'rest') }));

/** While somebody wants the lock, somebody gets it. */
export const progress = spinLock.property(
  () =>
    leadsTo(
      some(Thread, (t) => thread.at({ t }, 'look')),
      some(Thread, (t) => thread.at({ t }, 'critical')),
    ),
  { under: [weakScheduler] },
);

/** Who wants the lock gets it: not so, another thread can always be faster. */
export const everybodyGetsIt = spinLock.property(
  () => all(Thread, (t) => leadsTo(thread.at({ t }, 'look'), thread.at({ t }, 'critical'))),
  { under: [strongScheduler] },
);

export const swapping = spinLock.model({}, { violates: [everybodyGetsIt], distinct: 54 });

/** Near miss: looking and then writing lets two in. */
export const twoSteps = spinLock.model({ swaps: false }, { violates: [mutualExclusion], distinct: 100 });
