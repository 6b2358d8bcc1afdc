import { all, either, enabled, ids, pick, some, spec, verify, when, z, type Id } from 'fairlead';

const Worker = ids('Worker', 2);
const Job = z.int().min(0).max(2);

/** Steps that ask whether other ones are possible, before and after they have changed something. */
export const asking = spec('asking', {
  state: () => ({
    jobs: z.array(Job).max(2),
    last: z.nullable(Worker),
    done: z.record(Worker, z.int().min(0).max(2)),
    idle: z.boolean(),
    calls: z.int().min(0).max(3),
    fuel: z.int().min(0).max(2),
  }),
  init: (s) => {
    s.fuel = pick(z.int().min(1).max(2));
  },
});

/** Makes choices, so it is enabled if one of them is possible. */
export const order = asking.action((s) => {
  when(s.jobs.length < 2);
  const job = pick(Job);
  when(job !== s.calls);
  s.jobs.push(job);
  s.idle = false;
});

export const work = asking.action({ w: Worker, job: Job }, (s, { w, job }) => {
  when(s.jobs[0] === job);
  s.jobs.shift();
  when(s.fuel > 0 || s.last !== w);
  if (s.last === w) s.fuel--;
  s.last = w;
  s.done[w] = (s.done[w] + 1) % 3;
});

/** Fails for some, and changes nothing for others. */
export const count = asking.action({ n: z.int().min(0).max(1) }, (s, { n }) => {
  when(s.calls >= n);
  verify(n === 0 || s.calls < 3, 'too many');
  s.calls = n === 0 ? s.calls : s.calls - 1;
});

/** Asks after it has changed what decides: it is still about the state before. */
export const rest = asking.action((s) => {
  s.jobs = [];
  when(!enabled(work));
  s.idle = true;
  if (enabled(order)) s.calls = 0;
  s.fuel = enabled(count, { n: 1 }) ? 2 : 1;
});

/** Asks for arguments that depend on the state, by way of a function, and in the middle of choices. */
export const call = asking.action({ w: Worker }, (s, { w }) => {
  when(s.calls < 3 && canWork(w));
  const other = pick(Worker);
  const wanted = s.jobs[0] ?? 2;
  either(
    () => {
      when(!enabled(work, { w: other, job: wanted }));
      s.last = other;
    },
    () => {
      s.calls++;
      when(!some(Worker, (x) => enabled(work, { w: x, job: (wanted + s.calls) % 3 })));
    },
  );
  s.idle = enabled(rest) && all(Job, (job) => !enabled(work, { w: other, job }));
});

function canWork(w: Id<'Worker'>): boolean {
  return enabled(work, { w });
}

/** Asks for one that asks itself. */
export const wake = asking.action((s) => {
  when(s.idle && !enabled(call) && enabled(driver));
  s.idle = false;
  s.last = null;
  s.calls = pick(z.int().min(0).max(3));
});

export const driver = asking.process({ d: z.int().min(0).max(1) }, function* (s, { d }) {
  while (true) {
    yield 'look';
    const could = enabled(order) || enabled(rest);
    yield 'go';
    when(could || enabled(count, { n: d }));
    s.fuel = s.fuel > 0 && !(s.last !== null && enabled(work, { w: s.last })) ? s.fuel - 1 : 2;
  }
});

export const able = asking.invariant((s) => s.jobs.length < 2 || !enabled(order) || enabled(driver, { d: 1 }));
export const asks = asking.step((s, next) => enabled(order) || next.jobs.length <= s.jobs.length);
export const stuck = asking.sometimes(() => !enabled(work) && !enabled(order));
export const both = asking.sometimes(() => enabled(wake) && enabled(rest));
