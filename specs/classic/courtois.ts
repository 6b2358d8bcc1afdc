import { all, count, ids, leadsTo, spec, strong, weak, z } from 'fairlead';
import { down, semaphore, up } from 'fairlead/sync';

const Reader = ids('Reader', (p) => p.readers);
const Writer = ids('Writer', (p) => p.writers);

/**
 * Readers and writers with two semaphores: the first reader locks writers out, the last one lets them in.
 *
 * P. J. Courtois, F. Heymans and D. L. Parnas, "Concurrent control with readers and writers", CACM 14(10), 1971, first
 * problem. Readers that overlap starve writers, whatever the scheduler does: that is the problem's own choice.
 *
 * @notModeled
 * The second problem of the paper, which prefers writers.
 */
export const courtois = spec('readers and writers with semaphores', {
  params: {
    readers: z.int().min(1).max(3).default(2),
    writers: z.int().min(1).max(2).default(2),
    /** Whether the first reader has locked writers out before it lets other readers count themselves. */
    patient: z.boolean().default(true),
  },
  state: (p) => ({
    /** Guards `inside`. */
    counting: semaphore(1),
    /** What writers and the first reader take. */
    free: semaphore(1),
    inside: z.int().min(0).max(p.readers),
  }),
  init: (s) => {
    s.counting.count = 1;
    s.free.count = 1;
  },
});

export const reader = courtois.process({ r: Reader }, function* (s, _reader, p) {
  while (true) {
    yield 'rest';
    yield 'guardEntry';
    down(s.counting);
    yield 'countIn';
    s.inside += 1;
    const first = s.inside === 1;
    if (!p.patient) {
      yield 'hurry';
      up(s.counting);
    }
    if (first) {
      yield 'lockWritersOut';
      down(s.free);
    }
    if (p.patient) {
      yield 'entered';
      up(s.counting);
    }
    yield 'read';
    yield 'guardExit';
    down(s.counting);
    yield 'countOut';
    s.inside -= 1;
    if (s.inside === 0) {
      yield 'letWritersIn';
      up(s.free);
    }
    yield 'left';
    up(s.counting);
  }
});

export const writer = courtois.process({ w: Writer }, function* (s) {
  while (true) {
    yield 'rest';
    yield 'lock';
    down(s.free);
    yield 'write';
    up(s.free);
  }
});

/** A writer is alone. */
export const exclusion = courtois.invariant(() => {
  const writing = count(Writer, (w) => writer.at({ w }, 'write'));
  return writing === 0 || (writing === 1 && count(Reader, (r) => reader.at({ r }, 'read')) === 0);
});

/** Who can go on again and again does; nobody has to come. */
export const scheduler = courtois.fairness(
  strong(reader, { when: (_, { r }) => !reader.at({ r }, 'rest') }),
  weak(writer, { when: (_, { w }) => writer.at({ w }, 'write') }),
  strong(writer, { when: (_, { w }) => writer.at({ w }, 'lock') }),
);

/** Who wants to read reads. */
export const readersGetIn = courtois.property(() =>
  all(Reader, (r) => leadsTo(reader.at({ r }, 'guardEntry'), reader.at({ r }, 'read'))),
);

/** Who wants to write writes: not so. */
export const writersGetIn = courtois.property(() =>
  all(Writer, (w) => leadsTo(writer.at({ w }, 'lock'), writer.at({ w }, 'write'))),
);

export const correct = courtois.model({}, { violates: [writersGetIn], distinct: 288 });

/** Near miss: the second reader walks in while the first one still waits for a writer to leave. */
export const hasty = courtois.model({ patient: false }, { violates: [exclusion, writersGetIn], distinct: 400 });
