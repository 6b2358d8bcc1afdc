import { all, ids, local, some, spec, when, z } from 'fairlead';

// What threads remember, as predicates and actions ask about it.

const Worker = ids('Worker', 2);

export const memory = spec('memory', {
  state: () => ({
    n: z.int().min(0).max(3),
    slots: z.array(z.object({ value: z.int().min(0).max(1) })).length(2),
    noticed: z.boolean(),
  }),
  init: (s) => {
    s.slots = [{ value: 0 }, { value: 1 }];
  },
});

export const worker = memory.process(
  { w: Worker },
  function* (s, { w }) {
    let rounds = 0;
    while (rounds < 2) {
      yield 'read';
      const seen = s.n;
      const pair = { seen, twice: [seen, seen] };
      const slot = s.slots[seen % 2]!;
      yield 'write';
      s.n = (seen + 1) % 4;
      slot.value = 1 - slot.value;
      yield 'rest';
      rounds = local(z.int().min(0).max(2), rounds + 1);
      if (pair.seen === 3) rounds = 2;
    }
    const last = w;
    yield 'finish';
    s.noticed = last === w;
  },
  { locals: { rounds: z.int().min(0).max(2) } },
);

/** One thread, which has no arguments. */
export const counter = memory.process(function* (s) {
  let low = 0;
  while (true) {
    yield 'count';
    low = (low + 1) % 2;
    const before = low;
    yield 'show';
    if (before === 1) s.noticed = false;
  }
});

export const notice = memory.action({ w: Worker }, (s, { w }) => {
  when(worker.at({ w }, 'write') && worker.local({ w }, 'seen') !== s.n);
  s.noticed = true;
});

export const fresh = memory.invariant((s) =>
  all(Worker, (w) => (worker.at({ w }, 'write') ? worker.local({ w }, 'seen') === s.n : true)),
);
export const structured = memory.invariant((s) =>
  all(Worker, (w) => {
    if (!worker.at({ w }, 'write') && !worker.at({ w }, 'rest')) return true;
    const { seen, twice } = worker.local({ w }, 'pair');
    return seen === twice[0] && worker.local({ w }, 'rounds') <= 2 && 0 <= s.n;
  }),
);
/** A name for a part of the state shows what is there now. */
export const slotOf = memory.invariant((s) =>
  all(Worker, (w) => (worker.at({ w }, 'write') ? worker.local({ w }, 'slot').value === 0 : 0 <= s.n)),
);
export const lastIsOwn = memory.invariant(() =>
  all(Worker, (w) => (worker.at({ w }, 'finish') ? worker.local({ w }, 'last') === w : true)),
);
export const flips = memory.sometimes(() => counter.at('show') && counter.local('before') === 1);
export const low = memory.invariant(
  () => counter.local('low') <= 1 && (counter.at('show') ? counter.local('before') : 0) <= 1,
);
export const oneRound = memory.step((_, next) =>
  all(Worker, (w) => {
    if (worker.at({ w }, 'done') || worker.next.at({ w }, 'done')) return true;
    if (worker.at({ w }, 'finish') || worker.next.at({ w }, 'finish')) return worker.next.pc({ w }) !== 'read';
    return worker.next.local({ w }, 'rounds') - worker.local({ w }, 'rounds') <= (0 <= next.n ? 1 : 0);
  }),
);
export const remembered = memory.step((s) =>
  some(Worker, (w) => (worker.next.at({ w }, 'write') ? worker.next.local({ w }, 'seen') === s.n : false)),
);
