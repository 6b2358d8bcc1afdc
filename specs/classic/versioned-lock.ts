import { all, count, ids, leadsTo, spec, strong, weak, when, z } from 'fairlead';

const Process = ids('Process', (p) => p.processes);

/**
 * A readers-writer lock that counts how often it was written, modulo four.
 *
 * The lock at the heart of many kernels, without any queue: a reader enters while nobody writes, a writer while nobody is
 * inside. Readers that overlap can keep a writer out for ever, and no fairness of the scheduler helps.
 *
 * @notModeled
 * What is protected, and readers that read first and compare the version afterwards.
 */
export const versionedLock = spec('readers-writer lock with a version', {
  params: {
    processes: z.int().min(1).max(10).default(5),
    /** Who comes first: a reader that asks, or a writer that waits. */
    prefer: z.enum(['readers', 'writers']).default('readers'),
  },
  state: () => ({
    process: z.record(Process, z.enum(['idle', 'wantsRead', 'wantsWrite', 'reading', 'writing'])),
    version: z.int().min(0).max(3),
  }),
});

export const requestRead = versionedLock.action({ me: Process }, (s, { me }) => {
  when(s.process[me] === 'idle');
  s.process[me] = 'wantsRead';
});

export const requestWrite = versionedLock.action({ me: Process }, (s, { me }) => {
  when(s.process[me] === 'idle');
  s.process[me] = 'wantsWrite';
});

export const acquireRead = versionedLock.action({ me: Process }, (s, { me }, p) => {
  when(s.process[me] === 'wantsRead');
  when(all(Process, (other) => s.process[other] !== 'writing'));
  if (p.prefer === 'writers') when(all(Process, (other) => s.process[other] !== 'wantsWrite'));
  s.process[me] = 'reading';
});

export const acquireWrite = versionedLock.action({ me: Process }, (s, { me }) => {
  when(s.process[me] === 'wantsWrite');
  when(all(Process, (other) => s.process[other] !== 'reading' && s.process[other] !== 'writing'));
  s.process[me] = 'writing';
});

export const releaseRead = versionedLock.action({ me: Process }, (s, { me }) => {
  when(s.process[me] === 'reading');
  s.process[me] = 'idle';
});

export const releaseWrite = versionedLock.action({ me: Process }, (s, { me }) => {
  when(s.process[me] === 'writing');
  s.version = (s.version + 1) % 4;
  s.process[me] = 'idle';
});

export const exclusion = versionedLock.invariant((s) => {
  const writing = count(Process, (me) => s.process[me] === 'writing');
  return writing === 0 || (writing === 1 && count(Process, (me) => s.process[me] === 'reading') === 0);
});

/** The version changes only when somebody stops writing. */
export const versionCountsWrites = versionedLock.step(
  (s, next) =>
    s.version === next.version ||
    count(Process, (me) => s.process[me] === 'writing' && next.process[me] === 'idle') === 1,
);

/** A process does what it can do, if it can do it for long enough. */
export const weakScheduler = versionedLock.fairness(weak(acquireRead, acquireWrite, releaseRead, releaseWrite));

/** A process does what it can do again and again. */
export const strongScheduler = versionedLock.fairness(
  strong(acquireRead, acquireWrite),
  weak(releaseRead, releaseWrite),
);

/** A waiting writer writes. */
export const writerGetsIn = versionedLock.property(
  (s) => all(Process, (me) => leadsTo(s.process[me] === 'wantsWrite', s.process[me] === 'writing')),
  { under: [weakScheduler] },
);

/** The same, where the lock is given to whoever can have it again and again. */
export const writerGetsInWithStrongFairness = versionedLock.property(
  (s) => all(Process, (me) => leadsTo(s.process[me] === 'wantsWrite', s.process[me] === 'writing')),
  { under: [strongScheduler] },
);

/** Readers that overlap never leave the lock free, so even strong fairness does not help the writer. */
export const preferReaders = versionedLock.model(
  {},
  { violates: [writerGetsIn, writerGetsInWithStrongFairness], distinct: 5716 },
);

/** With preference for writers it is free again and again; now other writers are the only rivals. */
export const preferWriters = versionedLock.model(
  { processes: 3, prefer: 'writers' },
  { violates: [writerGetsIn], distinct: 364 },
);
