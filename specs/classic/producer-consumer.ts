import { all, always, count, eventually, ids, spec, weak, z } from 'fairlead';
import { broadcast, condvar, enter, exit, mutex, signal, wait } from 'fairlead/sync';

const Producer = ids('Producer', (p) => p.producers);
const Consumer = ids('Consumer', (p) => p.consumers);
const Thread = z.union([Producer, Consumer]);

/**
 * Producers and consumers around a small buffer, with a mutex and one condition variable.
 *
 * The exercise of every course on threads, and the mistakes that everybody makes once: to test with `if` what must be
 * tested again after every wake-up, and to wake one thread where it may be the wrong one.
 *
 * @notModeled
 * Items: the buffer is only counted. Spurious wake-ups, which POSIX allows.
 */
export const producerConsumer = spec('producer and consumer', {
  params: {
    producers: z.int().min(1).max(3).default(1),
    consumers: z.int().min(1).max(3).default(2),
    capacity: z.int().min(1).max(3).default(1),
    test: z.enum(['while', 'if']).default('while'),
    wake: z.enum(['all', 'one']).default('all'),
  },
  state: (p) => ({
    lock: mutex(Thread),
    changed: condvar(Thread),
    /** How many things are in the buffer: fewer than none, and more than fit, are mistakes to be seen. */
    full: z
      .int()
      .min(-1)
      .max(p.capacity + 1),
  }),
  init: (s) => {
    s.full = 0;
  },
});

export const producer = producerConsumer.process({ p: Producer }, function* (s, { p }, params) {
  while (true) {
    yield 'lock';
    enter(s.lock, p);
    while (true) {
      yield 'test';
      if (s.full < params.capacity) break;
      yield* wait(s.changed, s.lock, p);
      if (params.test === 'if') break;
    }
    yield 'put';
    s.full = Math.min(s.full + 1, params.capacity + 1);
    if (params.wake === 'all') broadcast(s.changed);
    else signal(s.changed);
    yield 'unlock';
    exit(s.lock, p);
  }
});

export const consumer = producerConsumer.process({ c: Consumer }, function* (s, { c }, params) {
  while (true) {
    yield 'lock';
    enter(s.lock, c);
    while (true) {
      yield 'test';
      if (s.full > 0) break;
      yield* wait(s.changed, s.lock, c);
      if (params.test === 'if') break;
    }
    yield 'take';
    s.full = Math.max(s.full - 1, -1);
    if (params.wake === 'all') broadcast(s.changed);
    else signal(s.changed);
    yield 'unlock';
    exit(s.lock, c);
  }
});

/** One thread at a time is inside. */
export const mutualExclusion = producerConsumer.invariant(
  () =>
    count(Producer, (p) => producer.at({ p }, 'test') || producer.at({ p }, 'put') || producer.at({ p }, 'unlock')) +
      count(
        Consumer,
        (c) => consumer.at({ c }, 'test') || consumer.at({ c }, 'take') || consumer.at({ c }, 'unlock'),
      ) <=
    1,
);

/** Nothing is taken out of an empty buffer, nothing put into a full one. */
export const bounds = producerConsumer.invariant((s, p) => 0 <= s.full && s.full <= p.capacity);

/** Producers are never out of work for good. */
export const production = producerConsumer.property(() =>
  all(Producer, (p) => always(eventually(producer.at({ p }, 'lock') || producer.at({ p }, 'put')))),
);

/** A thread that can keep running, runs. */
export const scheduler = producerConsumer.fairness(weak(producer, consumer));

export const correct = producerConsumer.model({}, { distinct: 84 });

/** Near miss: a consumer that was woken finds that another one has been faster, and takes from an empty buffer. */
export const testedOnce = producerConsumer.model({ test: 'if' }, { violates: [bounds, production], distinct: 161 });

/** Near miss: the one wake-up can go to a consumer when the producer should have it. */
export const wakingOne = producerConsumer.model(
  { wake: 'one' },
  { violates: [production], deadlocks: true, distinct: 117 },
);
