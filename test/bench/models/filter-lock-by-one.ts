import { ids, spec, when, z } from 'fairlead';

const Process = ids('Process', (p) => p.processes);

/**
 * The filter lock of specs/classic/filter-lock.ts in smaller steps: whoever waits looks at one other process at a time.
 * Made for measuring.
 */
export const filterLock = spec('filter lock, looking at one process at a time', {
  params: { processes: z.int().min(2).max(5).default(5) },
  state: (p) => ({
    level: z.record(
      Process,
      z
        .int()
        .min(0)
        .max(p.processes - 1),
    ),
    last: z.array(Process).length(p.processes - 1),
  }),
});

export const process = filterLock.process({ me: Process }, function* (s, { me }, p) {
  while (true) {
    for (let door = 1; door < p.processes; door += 1) {
      yield 'climb';
      s.level[me] = door;
      yield 'sign';
      s.last[door - 1] = me;
      for (const other of Process) {
        yield 'look';
        when(other === me || s.level[other] < door || s.last[door - 1] !== me);
      }
    }
    yield 'critical';
    s.level[me] = 0;
  }
});

export const five = filterLock.model({});
