import { always, count, eventually, ids, some, spec, verify, weak, when, z } from 'fairlead';

const Thread = ids('Thread', (p) => p.threads);

/**
 * A lock whose holder can die: the next one to ask gets it, is told so, and repairs what the dead one left half done.
 *
 * `PTHREAD_MUTEX_ROBUST` of POSIX.1-2008: `pthread_mutex_lock` answers `EOWNERDEAD`. With an ordinary mutex the lock of a
 * thread that died stays taken, also when the thread has been started again: it has forgotten that it holds it.
 *
 * @notModeled
 * `ENOTRECOVERABLE`, what becomes of a lock that nobody repairs. How a death is noticed: it is known at once.
 */
export const robustMutex = spec('robust mutex', {
  params: {
    threads: z.int().min(1).max(3).default(2),
    /** How often a thread dies. */
    crashes: z.int().min(0).max(3).default(1),
    /** Whether the lock of a dead thread can be taken over. */
    robust: z.boolean().default(true),
    /** Whether who takes it over looks after what it guards. */
    repairs: z.boolean().default(true),
    /** Whether a dead thread is started again. */
    supervised: z.boolean().default(true),
  },
  state: (p) => ({
    owner: Thread.nullable(),
    /** Set by the kernel when the thread that holds the lock is dead. */
    ownerDied: z.boolean(),
    /** What the lock guards is being changed, or was when somebody died. */
    torn: z.boolean(),
    crashes: z.int().min(0).max(p.crashes),
  }),
});

export const thread = robustMutex.process({ t: Thread }, function* (s, { t }, p) {
  while (true) {
    yield 'rest';
    yield 'lock';
    when(s.owner === null || s.ownerDied);
    const inherited = s.ownerDied;
    s.owner = t;
    s.ownerDied = false;
    if (inherited && p.repairs) {
      yield 'repair';
      s.torn = false;
    }
    yield 'write';
    verify(!s.torn, 'what is changed is whole');
    s.torn = true;
    yield 'unlock';
    s.torn = false;
    s.owner = null;
  }
});

/** A thread dies, wherever it is. Nobody gives back what it holds. */
export const crash = robustMutex.action({ t: Thread }, (s, { t }, p) => {
  when(s.crashes < p.crashes && !thread.at({ t }, 'done'));
  s.crashes += 1;
  if (p.robust && s.owner === t) s.ownerDied = true;
  if (p.supervised) thread.restart({ t });
  else thread.stop({ t });
});

export const mutualExclusion = robustMutex.invariant(
  () =>
    count(Thread, (t) => thread.at({ t }, 'repair') || thread.at({ t }, 'write') || thread.at({ t }, 'unlock')) <= 1,
);

export const somebodyInherits = robustMutex.sometimes(() => some(Thread, (t) => thread.at({ t }, 'repair')));

/** A thread that can go on does. Nothing promises a crash. */
export const scheduler = robustMutex.fairness(weak(thread));

/** The lock goes on being taken. */
export const goesOn = robustMutex.property(() => always(eventually(some(Thread, (t) => thread.at({ t }, 'write')))));

export const robust = robustMutex.model({}, { distinct: 48 });
/** One of three dies for good. */
export const unsupervised = robustMutex.model({ threads: 3, supervised: false }, { distinct: 116 });
/** Near miss: the lock of the dead stays taken, and all wait for it. */
export const ordinary = robustMutex.model(
  { robust: false },
  { violates: [goesOn], unreachable: [somebodyInherits], deadlocks: true, distinct: 40 },
);
/** Near miss: whoever takes the lock over goes on as if nothing had happened. */
export const careless = robustMutex.model(
  { repairs: false },
  { unreachable: [somebodyInherits], fails: true, distinct: 44 },
);
