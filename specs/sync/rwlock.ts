import { all, ids, implies, leadsTo, spec, weak, z } from 'fairlead';
import { enterReader, enterWriter, exitReader, exitWriter, reads, rwlock, writes } from 'fairlead/sync';

const Reader = ids('Reader', (p) => p.readers);
const Writer = ids('Writer', (p) => p.writers);

/**
 * What a reader-writer lock with writer preference and hand-over promises.
 *
 * @notModeled
 * Upgrading and downgrading, and threads that die.
 */
export const rwlockLaws = spec('reader-writer lock', {
  params: {
    readers: z.int().min(1).max(3).default(2),
    writers: z.int().min(1).max(3).default(1),
  },
  state: () => ({ lock: rwlock(Reader, Writer) }),
});

export const reader = rwlockLaws.process({ r: Reader }, function* (s, { r }) {
  while (true) {
    yield 'idle';
    yield* enterReader(s.lock, r);
    yield 'read';
    exitReader(s.lock, r);
  }
});

export const writer = rwlockLaws.process({ w: Writer }, function* (s, { w }) {
  while (true) {
    yield 'idle';
    yield* enterWriter(s.lock, w);
    yield 'write';
    exitWriter(s.lock, w);
  }
});

/** A writer is alone. */
export const exclusion = rwlockLaws.invariant((s) => implies(s.lock.writer !== null, s.lock.readers.size === 0));

/** Who reads or writes has the lock. */
export const holders = rwlockLaws.invariant(
  (s) =>
    all(Reader, (r) => implies(reader.at({ r }, 'read'), reads(s.lock, r))) &&
    all(Writer, (w) => implies(writer.at({ w }, 'write'), writes(s.lock, w))),
);

/** Nobody waits for a lock that is free. */
export const handedOver = rwlockLaws.invariant((s) =>
  implies(
    s.lock.writer === null && s.lock.readers.size === 0,
    s.lock.waitingReaders.size === 0 && s.lock.waitingWriters.size === 0,
  ),
);

/** A reader waits only for a writer. */
export const readersWaitForWriters = rwlockLaws.invariant((s) =>
  implies(s.lock.waitingReaders.size > 0, s.lock.writer !== null || s.lock.waitingWriters.size > 0),
);

/** Readers do read together. */
export const together = rwlockLaws.sometimes((s) => s.lock.readers.size === 2);

/** A reader does wait for a writer that waits itself. */
export const preference = rwlockLaws.sometimes((s) => s.lock.waitingReaders.size > 0 && s.lock.readers.size > 0);

/** Who has the lock gives it back; nobody has to ask for it. */
export const runs = rwlockLaws.fairness(weak(reader, writer));

/** A writer that waits gets the lock, however often readers come. */
export const writersGetIn = rwlockLaws.property((s) =>
  all(Writer, (w) => leadsTo(s.lock.waitingWriters.has(w), writes(s.lock, w))),
);

/** A reader that waits gets the lock. */
export const readersGetIn = rwlockLaws.property((s) =>
  all(Reader, (r) => leadsTo(s.lock.waitingReaders.has(r), reads(s.lock, r))),
);

export const oneWriter = rwlockLaws.model({}, { distinct: 29 });

/** Two writers can hand the lock to each other past all readers; and a last reader may always choose the same of two. */
export const twoWriters = rwlockLaws.model({ writers: 2 }, { violates: [writersGetIn, readersGetIn], distinct: 77 });

/** Of three, one may be passed over by the two others without any reader. */
export const threeWriters = rwlockLaws.model({ writers: 3 }, { violates: [writersGetIn, readersGetIn], distinct: 189 });
