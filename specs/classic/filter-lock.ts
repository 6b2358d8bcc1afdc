import { all, count, ids, leadsTo, some, spec, weak, when, z } from 'fairlead';

const Process = ids('Process', (p) => p.processes);

/**
 * Mutual exclusion of n processes by n - 1 doors, each of which keeps one process back.
 *
 * G. L. Peterson's generalization, "Myths about the mutual exclusion problem", Information Processing Letters 12(3), 1981.
 * Whoever came last at a door waits there while anybody else is at it or beyond. One door too few lets two through.
 *
 * @notModeled
 * Memory that is weaker than sequentially consistent; on most processors the algorithm needs fences.
 */
export const filterLock = spec('filter lock', {
  params: { processes: z.int().min(2).max(5).default(3), doors: z.int().min(1).max(4).default(2) },
  state: (p) => ({
    /** The door a process is at or has passed; 0: none. */
    level: z.record(Process, z.int().min(0).max(p.doors)),
    /** Who came last at each door. */
    last: z.array(Process).length(p.doors),
  }),
});

export const process = filterLock.process({ me: Process }, function* (s, { me }, p) {
  while (true) {
    yield 'rest';
    for (let door = 1; door <= p.doors; door += 1) {
      yield 'climb';
      s.level[me] = door;
      yield 'sign';
      s.last[door - 1] = me;
      yield 'wait';
      when(s.last[door - 1] !== me || !some(Process, (other) => other !== me && s.level[other] >= door));
    }
    yield 'critical';
    s.level[me] = 0;
  }
});

export const mutualExclusion = filterLock.invariant(() => count(Process, (me) => process.at({ me }, 'critical')) <= 1);

/** Who wants in gets in. */
export const wantsLeadsToEntry = filterLock.property(() =>
  all(Process, (me) => leadsTo(process.at({ me }, 'climb'), process.at({ me }, 'critical'))),
);

/** Whoever has begun goes on; nobody has to begin. */
export const scheduler = filterLock.fairness(weak(process, { when: (_, { me }) => !process.at({ me }, 'rest') }));

export const three = filterLock.model({}, { distinct: 705 });

/** Near miss: three processes need two doors. */
export const doorMissing = filterLock.model({ doors: 1 }, { violates: [mutualExclusion], distinct: 183 });
