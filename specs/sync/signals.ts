import { all, ids, implies, leadsTo, spec, strong, when, z } from 'fairlead';
import { accept, condvar, enter, exit, mutex, post, signals, wait, waitInterruptible } from 'fairlead/sync';

/** Threads that wait for what never comes. */
const Waiter = ids('Waiter', (p) => p.waiters);

/**
 * Who can be freed by a signal, and who cannot.
 *
 * @notModeled
 * Which signal, who handles it, and what it does besides.
 */
export const signalLaws = spec('signals', {
  params: {
    waiters: z.int().min(1).max(2).default(2),
    interruptible: z.boolean().default(true),
  },
  state: () => ({ lock: mutex(Waiter), cv: condvar(Waiter), signals: signals(Waiter) }),
});

/** Waits, and leaves once it has been interrupted. */
export const waiter = signalLaws.process({ w: Waiter }, function* (s, { w }, p) {
  while (true) {
    yield 'lock';
    enter(s.lock, w);
    yield 'sleep';
    if (p.interruptible) yield* waitInterruptible(s.cv, s.lock, s.signals, w);
    else yield* wait(s.cv, s.lock, w);
    yield 'leave';
    accept(s.signals, w);
    exit(s.lock, w);
  }
});

/** Somebody sends a signal. */
export const kill = signalLaws.action({ w: Waiter }, (s, { w }) => {
  when(!s.signals.pending.has(w));
  post(s.signals, w);
});

export const runs = signalLaws.fairness(strong(waiter));

/** A thread with a signal pending does not sleep for good, whether the signal came before it fell asleep or after. */
export const interrupted = signalLaws.property((s) =>
  all(Waiter, (w) => leadsTo(s.signals.pending.has(w), !s.cv.sleepers.has(w) && !waiter.at({ w }, 'sleep'))),
);

/** Nobody is asleep and awake at once. */
export const awakeRetakes = signalLaws.invariant((s) =>
  all(Waiter, (w) => implies(s.cv.sleepers.has(w), waiter.at({ w }, 'asleep'))),
);

export const interruptible = signalLaws.model({}, { distinct: 55 });
export const uninterruptible = signalLaws.model(
  { interruptible: false },
  { violates: [interrupted], deadlocks: true, distinct: 32 },
);
