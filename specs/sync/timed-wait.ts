import { all, ids, leadsTo, mayTimeOut, spec, weak, when, z } from 'fairlead';
import { awake, condvar, enter, exit, mutex, signal, sleepOn, waitTimed } from 'fairlead/sync';

const Consumer = ids('Consumer', 2);
const Producer = ids('Producer', 1);
const Thread = z.union([Consumer, Producer]);

/**
 * A wait that ends when its time is over, and the wake-up that it may take with it.
 *
 * One `signal` wakes one sleeper. If that one's time is over before it runs, and it goes away as if nobody had woken it,
 * the other sleeper is never told of the item: bug 12875 of glibc, in essence.
 *
 * @notModeled
 * How long: a time-out may come at any moment while a thread waits.
 */
export const timedWait = spec('timed wait', {
  params: {
    /** What becomes of a wake-up when its receiver's time is over. */
    wakeUp: z.enum(['counts', 'passedOn', 'lost']).default('counts'),
  },
  state: () => ({ lock: mutex(Thread), cv: condvar(Consumer), items: z.int().min(0).max(1) }),
});

export const consumer = timedWait.process({ c: Consumer }, function* (s, { c }, p) {
  yield 'enter';
  enter(s.lock, c);
  while (true) {
    yield 'test';
    if (s.items > 0) {
      s.items -= 1;
      break;
    }
    if (p.wakeUp === 'counts') {
      // Who has been woken is not late.
      const woken = yield* waitTimed(s.cv, s.lock, c);
      if (!woken) break;
    } else {
      sleepOn(s.cv, s.lock, c);
      const timedOut = yield* mayTimeOut('asleep');
      if (timedOut) s.cv.sleepers.delete(c);
      else when(awake(s.cv, c));
      yield 'retake';
      enter(s.lock, c);
      if (timedOut) {
        if (p.wakeUp === 'passedOn') signal(s.cv);
        break;
      }
    }
  }
  yield 'leave';
  exit(s.lock, c);
});

export const producer = timedWait.process({ p: Producer }, function* (s, { p: me }) {
  yield 'enter';
  enter(s.lock, me);
  yield 'put';
  s.items += 1;
  signal(s.cv);
  yield 'leave';
  exit(s.lock, me);
});

/** A thread that can run does. Nothing promises that somebody's time is over. */
export const scheduler = timedWait.fairness(weak(consumer, producer));

/** The same, with clocks that go on. */
export const clocks = timedWait.fairness(weak(consumer, producer, consumer.timeouts));

/** Nobody sleeps beside an item forever. */
export const itemFindsSleeper = timedWait.property(
  (s) =>
    all(Consumer, (c) =>
      leadsTo(s.items > 0 && consumer.at({ c }, 'asleep'), s.items === 0 || !consumer.at({ c }, 'asleep')),
    ),
  { under: [scheduler] },
);

/** With the scheduler alone this would not hold: who comes when the item is gone sleeps forever. */
export const everybodyLeaves = timedWait.property(
  () => all(Consumer, (c) => leadsTo(consumer.at({ c }, 'enter'), consumer.at({ c }, 'done'))),
  { under: [clocks] },
);

export const somebodyTimesOut = timedWait.sometimes(
  (s) => s.items > 0 && all(Consumer, (c) => consumer.at({ c }, 'done')),
);

export const kernel = timedWait.model({}, { distinct: 145 });
export const passing = timedWait.model({ wakeUp: 'passedOn' }, { distinct: 159 });
/** Near miss: the wake-up goes with who does not wait any more. */
export const losing = timedWait.model({ wakeUp: 'lost' }, { violates: [itemFindsSleeper], distinct: 153 });
