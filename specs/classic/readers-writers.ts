import { all, always, and, eventually, ids, not, spec, weak, when, z } from 'fairlead';

const Actor = ids('Actor', (p) => p.actors);

/**
 * Actors read and write something; readers may share it, a writer has it alone. Requests are served in their order.
 *
 * P. J. Courtois, F. Heymans and D. L. Parnas, "Concurrent control with readers and writers", CACM 14(10), 1971; here
 * with a queue, as in the TLA+ examples.
 *
 * @notModeled
 * How long somebody reads or writes, and actors that fail inside.
 */
export const readersWriters = spec('readers and writers', {
  params: {
    actors: z.int().min(1).max(4).default(3),
    /** Whose request is served: the first one of all, or the first to read as long as there is one. */
    serve: z.enum(['first', 'readersFirst']).default('first'),
  },
  state: (p) => ({
    readers: z.set(Actor),
    writers: z.set(Actor),
    waiting: z.array(z.object({ to: z.enum(['read', 'write']), actor: Actor })).max(2 * p.actors),
  }),
});

export const askToRead = readersWriters.action({ a: Actor }, (s, { a }) => {
  when(!s.waiting.some((request) => request.to === 'read' && request.actor === a));
  s.waiting.push({ to: 'read', actor: a });
});

export const askToWrite = readersWriters.action({ a: Actor }, (s, { a }) => {
  when(!s.waiting.some((request) => request.to === 'write' && request.actor === a));
  s.waiting.push({ to: 'write', actor: a });
});

/** Lets the next one in, if it may enter now. */
export const serve = readersWriters.action((s, p) => {
  when(s.waiting.length > 0 && s.writers.size === 0);
  const firstReader = s.waiting.findIndex((request) => request.to === 'read');
  const next = p.serve === 'readersFirst' && firstReader >= 0 ? firstReader : 0;
  const { to, actor } = s.waiting[next]!;
  if (to === 'read') {
    s.readers.add(actor);
  } else {
    when(s.readers.size === 0);
    s.writers.add(actor);
  }
  s.waiting = s.waiting.filter((_, index) => index !== next);
});

export const stop = readersWriters.action({ a: Actor }, (s, { a }) => {
  when(s.readers.has(a) || s.writers.has(a));
  if (s.readers.has(a)) s.readers.delete(a);
  else s.writers.delete(a);
});

export const exclusion = readersWriters.invariant(
  (s) => s.writers.size <= 1 && (s.writers.size === 0 || s.readers.size === 0),
);

/** Everybody reads again and again. */
export const everybodyReads = readersWriters.property((s) => all(Actor, (a) => always(eventually(s.readers.has(a)))));

/** Everybody writes again and again. */
export const everybodyWrites = readersWriters.property((s) => all(Actor, (a) => always(eventually(s.writers.has(a)))));

/** Nobody reads or writes for ever. */
export const everybodyStops = readersWriters.property((s) =>
  all(Actor, (a) => and(always(eventually(not(s.readers.has(a)))), always(eventually(not(s.writers.has(a)))))),
);

/** Everybody asks again and again, requests are served, and somebody stops. */
export const activity = readersWriters.fairness(weak(askToRead, askToWrite, serve), weak.any(stop));

export const queue = readersWriters.model({}, { distinct: 21_527 });

/** Near miss: readers that overtake starve writers, and as they overlap one of them can stay for ever. */
export const readersFirst = readersWriters.model(
  { actors: 2, serve: 'readersFirst' },
  { violates: [everybodyWrites, everybodyStops], distinct: 390 },
);
