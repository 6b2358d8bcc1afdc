import { describe, expect, it } from 'vitest';
import { initialSteps, stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import { heldBy } from '../../../checker/locks/held.ts';
import { lanesOf } from '../../../checker/plan/actor.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

const IMPORTS = `
  import { awake, broadcast, condvar, down, enter, enterReader, enterWriter, exit, exitReader, exitWriter, mutex,
    rwlock, semaphore, sleepOn, tryEnter, tryRead, up, wait } from 'fairlead/sync';
  const Thread = ids('Thread', 2);`;

/** Who holds what at first and after each of some steps: `t(t0): a; t(t1): b`. */
function holds(source: string, ...steps: readonly string[]): readonly string[] {
  const plan = planOf(systemOf(IMPORTS + source));
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  let [state] = initialSteps(plan).successors;
  const told = (): string =>
    lanesOf(plan)
      .map(({ name, instances }) => ({ name, paths: heldBy(plan, state!, instances[0]!) }))
      .filter(({ paths }) => 0 < paths.length)
      .map(({ name, paths }) => `${name}: ${paths.join(' ')}`)
      .join('; ');
  return [
    told(),
    ...steps.map((label) => {
      const instance = plan.instances.find((one) => one.label === label);
      if (instance === undefined) throw new Error(`no step ${label}`);
      const { successors, failures } = stepsOf(plan, state!, instance);
      if (successors.length !== 1 || failures.length > 0) throw new Error(`${label} has ${successors.length} ways`);
      [state] = successors;
      return told();
    }),
  ];
}

describe('a thread holds', () => {
  it('a mutex from the step that enters to the step that exits', () => {
    const source = `
      export const locks = spec('locks', { state: () => ({ a: mutex(Thread), b: mutex(Thread) }) });
      export const t = locks.process({ t: Thread }, function* (s, { t }) {
        yield 'a'; enter(s.a, t); yield 'b'; enter(s.b, t); yield 'out'; exit(s.a, t); yield 'end'; exit(s.b, t);
      });`;
    expect(holds(source, 't.a(t0)', 't.b(t0)', 't.out(t0)', 't.a(t1)', 't.end(t0)')).toEqual([
      '',
      't(t0): a',
      't(t0): a b',
      't(t0): b',
      't(t0): b; t(t1): a',
      't(t1): a',
    ]);
  });

  it('locks in records, arrays and objects, under a name that is no argument of its own', () => {
    const source = `
      export const locks = spec('locks', {
        state: () => ({
          ring: z.record(Thread, z.object({ lock: mutex(z.enum(['worker', 'ioctl'])), on: z.boolean() })),
          cpu: z.array(mutex(Thread)).length(2),
        }),
      });
      export const worker = locks.process({ r: Thread }, function* (s, { r }) {
        yield 'in'; enter(s.ring[r].lock, 'worker');
        yield 'cpu'; for (let i = 0; i < 2; i += 1) enter(s.cpu[i], r);
        yield 'out'; exit(s.cpu[0], r); exit(s.ring[r].lock, 'worker');
        yield 'end'; exit(s.cpu[1], r);
      });
      export const ioctl = locks.process({ r: Thread }, function* (s, { r }) {
        yield 'in'; enter(s.ring[r].lock, 'ioctl'); yield 'out'; exit(s.ring[r].lock, 'ioctl');
      });`;
    expect(holds(source, 'worker.in(t0)', 'ioctl.in(t1)', 'worker.cpu(t0)', 'worker.out(t0)', 'ioctl.in(t0)')).toEqual([
      '',
      'worker(t0): ring[t0].lock',
      'worker(t0): ring[t0].lock; ioctl(t1): ring[t1].lock',
      'worker(t0): ring[t0].lock cpu[0] cpu[1]; ioctl(t1): ring[t1].lock',
      'worker(t0): cpu[1]; ioctl(t1): ring[t1].lock',
      'worker(t0): cpu[1]; ioctl(t0): ring[t0].lock; ioctl(t1): ring[t1].lock',
    ]);
  });

  it('what it took itself, when two threads go by the same value', () => {
    const source = `
      export const locks = spec('locks', { state: () => ({ a: mutex(Thread) }) });
      export const left = locks.process({ t: Thread }, function* (s, { t }) {
        yield 'in'; enter(s.a, t); yield 'out'; exit(s.a, t);
      });
      export const right = locks.process({ t: Thread }, function* (s, { t }) {
        yield 'in'; enter(s.a, t); yield 'out'; exit(s.a, t);
      });`;
    expect(holds(source, 'left.in(t0)', 'left.out(t0)', 'right.in(t0)')).toEqual([
      '',
      'left(t0): a',
      '',
      'right(t0): a',
    ]);
  });

  it('no mutex while it is asleep, and the mutex again when it has been woken', () => {
    const source = `
      export const locks = spec('locks', { state: () => ({ a: mutex(Thread), b: mutex(Thread), cv: condvar(Thread) }) });
      export const t = locks.process({ t: Thread }, function* (s, { t }) {
        yield 'b'; enter(s.b, t);
        yield 'a'; enter(s.a, t);
        yield 'sleep'; yield* wait(s.cv, s.a, t);
        yield 'out'; exit(s.a, t);
      });
      export const wake = locks.action((s) => { broadcast(s.cv); });`;
    expect(holds(source, 't.b(t0)', 't.a(t0)', 't.sleep(t0)', 'wake', 't.asleep(t0)', 't.out(t0)')).toEqual([
      '',
      't(t0): b',
      't(t0): a b',
      't(t0): b',
      't(t0): b',
      't(t0): a b',
      't(t0): b',
    ]);
  });

  it('a reader-writer lock that was handed over, from then on', () => {
    const source = `
      export const locks = spec('locks', { state: () => ({ rw: rwlock(Thread, Thread) }) });
      export const reader = locks.process({ t: Thread }, function* (s, { t }) {
        yield 'in'; yield* enterReader(s.rw, t); yield 'out'; exitReader(s.rw, t);
      });
      export const writer = locks.process({ t: Thread }, function* (s, { t }) {
        yield 'in'; yield* enterWriter(s.rw, t); yield 'out'; exitWriter(s.rw, t);
      });`;
    expect(
      holds(
        source,
        'reader.in(t0)',
        'writer.in(t0)',
        'reader.in(t1)',
        'reader.out(t0)',
        'writer.blocked(t0)',
        'writer.out(t0)',
      ),
    ).toEqual([
      '',
      'reader(t0): rw',
      'reader(t0): rw',
      'reader(t0): rw',
      'writer(t0): rw',
      'writer(t0): rw',
      'reader(t1): rw',
    ]);
  });

  it('what it has from the start, or what somebody took for it', () => {
    const source = `
      export const locks = spec('locks', {
        state: () => ({ rw: rwlock(Thread, Thread), a: mutex(Thread) }),
        init: (s) => { for (const t of Thread) s.rw.readers.add(t); },
      });
      export const user = locks.process({ t: Thread }, function* (s, { t }) {
        while (true) { yield 'leave'; exitReader(s.rw, t); yield 'again'; yield* enterReader(s.rw, t); }
      });
      export const helper = locks.process({ t: Thread }, function* (s, { t }) {
        yield 'leave'; when(s.rw.readers.has(t)); exitReader(s.rw, t);
      });
      export const opener = locks.process({ t: Thread }, function* (s, { t }) {
        yield 'open'; when(!s.rw.readers.has(t) && s.rw.writer === null); s.rw.readers.add(t);
      });`;
    expect(holds(source, 'helper.leave(t0)', 'opener.open(t0)', 'user.leave(t0)', 'user.leave(t1)')).toEqual([
      'user(t0): rw; user(t1): rw',
      'user(t1): rw',
      'user(t0): rw; user(t1): rw',
      'user(t1): rw',
      '',
    ]);
  });

  it('a semaphore that all give back only after they have taken it', () => {
    const source = `
      export const locks = spec('locks', {
        state: () => ({ guard: semaphore(1), items: semaphore(2) }),
        init: (s) => { s.guard.count = 1; },
      });
      export const producer = locks.process({ t: Thread }, function* (s) {
        while (true) { yield 'in'; down(s.guard); yield 'put'; up(s.items); up(s.guard); }
      });
      export const consumer = locks.process({ t: Thread }, function* (s) {
        while (true) { yield 'take'; down(s.items); yield 'in'; down(s.guard); yield 'out'; up(s.guard); }
      });`;
    expect(
      holds(source, 'producer.in(t0)', 'producer.put(t0)', 'consumer.take(t1)', 'consumer.in(t1)', 'consumer.out(t1)'),
    ).toEqual(['', 'producer(t0): guard', '', '', 'consumer(t1): guard', '']);
  });

  it('a lock that it may or may not have got, only where it has', () => {
    const source = `
      export const locks = spec('locks', { state: () => ({ a: mutex(Thread) }) });
      export const t = locks.process({ t: Thread }, function* (s, { t }) {
        yield 'try';
        const got = tryEnter(s.a, t);
        yield 'use';
        if (got) exit(s.a, t);
      });`;
    expect(holds(source, 't.try(t0)', 't.try(t1)', 't.use(t1)', 't.use(t0)')).toEqual([
      '',
      't(t0): a',
      't(t0): a',
      't(t0): a',
      '',
    ]);
  });

  it('what it had before others put it back to its start', () => {
    const source = `
      export const locks = spec('locks', { state: () => ({ a: mutex(Thread) }) });
      export const t = locks.process({ t: Thread }, function* (s, { t }) {
        yield 'in'; enter(s.a, t); yield 'out'; exit(s.a, t);
      });
      export const crash = locks.action({ t: Thread }, (s, { t: dead }) => { t.restart({ t: dead }); });`;
    expect(holds(source, 't.in(t0)', 'crash(t0)')).toEqual(['', 't(t0): a', 't(t0): a']);
  });
});

it('actions outside of processes hold what is taken under their first argument', () => {
  const source = `
    export const locks = spec('locks', { state: () => ({ a: mutex(Thread) }) });
    export const take = locks.action({ t: Thread }, (s, { t }) => { enter(s.a, t); });
    export const give = locks.action({ t: Thread }, (s, { t }) => { exit(s.a, t); });`;
  expect(holds(source, 'take(t0)', 'give(t0)', 'take(t1)')).toEqual(['', 't0: a', '', 't1: a']);
});
