import { describe, expectTypeOf, it } from 'vitest';
import {
  all,
  always,
  and,
  count,
  enabled,
  eventually,
  ids,
  implies,
  leadsTo,
  mayTimeOut,
  not,
  or,
  pick,
  record,
  some,
  spec,
  strong,
  taken,
  until,
  values,
  weak,
  when,
  z,
  type Formula,
  type Id,
  type ParametersOf,
  type StateOf,
} from 'fairlead';

// What is asserted here is asserted by the type checker; the bodies below never run.

const Ring = ids('Ring', (p) => p.rings);
const Client = ids('Client', 2);
const Mode = z.enum(['idle', 'busy']);

const protocol = spec('a protocol with every kind of domain', {
  params: { rings: z.int().min(1).max(3).default(2), mode: Mode.default('idle') },
  state: (p) => ({
    writer: Mode,
    owner: Ring.nullable(),
    held: z.record(Ring, Mode),
    byMode: z.record(Mode, z.int().min(0).max(p.rings)),
    waiting: z.set(Client),
    queue: z.array(Client).max(3),
    pair: z.tuple([Ring, Client]),
    message: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('none') }),
      z.object({ kind: z.literal('ask'), from: Client, ring: Ring.optional() }),
    ]),
  }),
  init: (s, p) => {
    expectTypeOf(s.writer).toEqualTypeOf<'idle' | 'busy'>();
    expectTypeOf(p.rings).toEqualTypeOf<number>();
    s.writer = p.mode;
  },
});

type State = StateOf<typeof protocol>;
type RingId = Id<'Ring'>;
type ClientId = Id<'Client'>;

describe('the types of fairness', () => {
  const ask = protocol.action({ c: Client, r: Ring }, () => {});
  const give = protocol.action({ c: Client, n: z.int().min(0).max(1) }, () => {});
  const rest = protocol.action(() => {});

  it('know the arguments that all of the actions have', () => {
    weak.any(ask, give, {
      per: ['c'],
      when: (s, given, p) => {
        expectTypeOf(s).toEqualTypeOf<State>();
        expectTypeOf(given.c).toEqualTypeOf<ClientId>();
        expectTypeOf(p.rings).toBeNumber();
        // @ts-expect-error only one of the two has a ring
        return given.r === null;
      },
    });
    strong(ask, { per: ['c', 'r'], when: (s, { r, c }) => s.held[r] === 'idle' && s.waiting.has(c) });
    weak(ask, give, rest);
    weak.any(ask, give, rest, { when: (s) => s.writer === 'idle' });
    // @ts-expect-error only one of the two has a ring
    weak.any(ask, give, { per: ['r'] });
    // @ts-expect-error no option of this name
    weak.any(ask, give, { pre: ['c'] });
    // @ts-expect-error a condition is a boolean
    strong.any(ask, give, { when: () => 1 });
    // @ts-expect-error the options come last
    strong.any({ per: ['c'] }, ask, give);
  });
});

describe('the types of constants', () => {
  const fixed = spec('with constants', {
    params: { rings: z.int().min(1).max(3).default(2) },
    constants: (p) => ({
      busiest: 'busy',
      weights: [1, 2, p.rings],
      clientOf: record(Ring, () => [...Client][0]!),
      cost: { idle: 0, busy: p.rings },
      odd: new Set([1, 3]),
    }),
    state: (p) => {
      expectTypeOf(p.rings).toEqualTypeOf<number>();
      return { mode: Mode, n: z.int().min(0).max(p.cost.busy) };
    },
    init: (s, p) => {
      s.mode = p.busiest;
    },
  });

  it('are those of what is computed, which nothing can change', () => {
    fixed.action({ r: Ring }, (s, { r }, p) => {
      expectTypeOf(p).toEqualTypeOf<ParametersOf<typeof fixed>>();
      expectTypeOf(p.busiest).toEqualTypeOf<'busy'>();
      expectTypeOf(p.weights).toEqualTypeOf<readonly [number, number, number]>();
      expectTypeOf(p.clientOf[r]).toEqualTypeOf<ClientId>();
      expectTypeOf(p.cost[s.mode]).toEqualTypeOf<number>();
      expectTypeOf(p.odd).toEqualTypeOf<ReadonlySet<number>>();
      // @ts-expect-error -- a constant is assigned
      p.busiest = 'busy';
      // @ts-expect-error -- a part of a constant is assigned
      p.cost.idle = 1;
      // @ts-expect-error -- an element of a constant is assigned
      p.weights[0] = 1;
      // @ts-expect-error -- a constant set is changed
      p.odd.add(2);
      // @ts-expect-error -- there is no such constant
      when(p.costs === undefined);
    });
    fixed.model({ rings: 2 });
    // @ts-expect-error -- a constant is no parameter
    fixed.model({ busiest: 'busy' });
  });

  it('leave a spec without any as it is', () => {
    expectTypeOf<keyof ParametersOf<typeof protocol>>().toEqualTypeOf<'rings' | 'mode'>();
  });
});

describe('the types of a spec', () => {
  it('are inferred from its schemas', () => {
    expectTypeOf<ParametersOf<typeof protocol>>().toEqualTypeOf<Readonly<{ rings: number; mode: 'idle' | 'busy' }>>();
    expectTypeOf<State['writer']>().toEqualTypeOf<'idle' | 'busy'>();
    expectTypeOf<State['owner']>().toEqualTypeOf<RingId | null>();
    expectTypeOf<State['waiting']>().toEqualTypeOf<Set<ClientId>>();
    expectTypeOf<State['queue']>().toEqualTypeOf<ClientId[]>();
    expectTypeOf<State['pair']>().toEqualTypeOf<[RingId, ClientId]>();
    expectTypeOf<z.infer<typeof Ring>>().toEqualTypeOf<RingId>();
  });

  it('give bodies the state first, the parameters last, and arguments between them', () => {
    protocol.action((s, p) => {
      expectTypeOf(s).toEqualTypeOf<State>();
      expectTypeOf(p).toEqualTypeOf<ParametersOf<typeof protocol>>();
    });
    protocol.action({ r: Ring, mode: Mode }, (s, given, p) => {
      expectTypeOf(s).toEqualTypeOf<State>();
      expectTypeOf(given).toEqualTypeOf<Readonly<{ r: RingId; mode: 'idle' | 'busy' }>>();
      expectTypeOf(p.rings).toBeNumber();
    });
    protocol.action(
      (p) => ({ n: z.int().min(0).max(p.rings), some: z.set(Ring) }),
      (s, { n, some: chosen }, p) => {
        expectTypeOf(n).toBeNumber();
        expectTypeOf(chosen).toEqualTypeOf<Set<RingId>>();
        s.byMode.idle = n + p.rings;
      },
    );
    protocol.step((s, next, p) => {
      expectTypeOf(next).toEqualTypeOf<State>();
      return s.writer === next.writer || p.rings > 1;
    });
    protocol.invariant((s, p) => s.byMode.busy <= p.rings);
    protocol.terminal((s, p) => s.byMode.busy <= p.rings);
    protocol.within((s, p) => s.byMode.busy <= p.rings);
    protocol.sometimes((s, p) => s.byMode.busy === p.rings);
  });

  it('refuse what is in no domain', () => {
    protocol.action({ r: Ring, c: Client }, (s, { r, c }) => {
      // @ts-expect-error no member of the enum
      s.writer = 'wat';
      // @ts-expect-error no member of the enum
      s.held[r] = 'wat';
      // @ts-expect-error no variable
      s.wrier = 'idle';
      // @ts-expect-error null is not in the domain
      s.pair[0] = null;
      // @ts-expect-error a mode is no number
      s.byMode.idle = 'idle';
      // @ts-expect-error arguments are not assigned to
      s.queue = c;
    });
    // @ts-expect-error no schema
    protocol.action({ r: 3 }, () => {});
    // @ts-expect-error an invariant says whether it holds
    protocol.invariant((s) => s.writer);
    // @ts-expect-error a parameter that there is not
    protocol.model({ ring: 2 });
    // @ts-expect-error a value that the parameter cannot have
    protocol.model({ mode: 'wat' });
  });

  it('never need a check for undefined when a record is read', () => {
    protocol.action({ r: Ring, mode: Mode }, (s, { r, mode }) => {
      expectTypeOf(s.held[r]).toEqualTypeOf<'idle' | 'busy'>();
      expectTypeOf(s.byMode[mode]).toBeNumber();
      s.byMode[mode] += 1;
      s.byMode[s.held[r]] = 0;
    });
  });

  it('narrow as in any TypeScript', () => {
    protocol.action((s) => {
      // @ts-expect-error perhaps nobody owns it
      s.held[s.owner] = 'idle';
      when(s.owner !== null);
      s.held[s.owner] = 'idle';
      // @ts-expect-error only one case of the message has a sender
      s.waiting.add(s.message.from);
      if (s.message.kind === 'ask') {
        s.waiting.add(s.message.from);
        expectTypeOf(s.message.ring).toEqualTypeOf<RingId | undefined>();
      }
    });
  });
});

describe('an id', () => {
  it('is no id of another set', () => {
    protocol.action({ r: Ring, c: Client }, (s, { r, c }) => {
      // @ts-expect-error a client owns no ring
      s.owner = c;
      // @ts-expect-error held is by ring
      s.held[c] = 'idle';
      // @ts-expect-error rings do not wait
      s.waiting.add(r);
      const ofRing = (ring: RingId) => s.held[ring] === 'idle';
      // @ts-expect-error not of a client
      ofRing(c);
      // @ts-expect-error never the same
      when(r === c);
    });
  });

  it('is no text and no number', () => {
    protocol.action({ r: Ring }, (s, { r }) => {
      // @ts-expect-error ids are not made of text
      s.owner = 'r0';
      // @ts-expect-error ids are not made of numbers
      s.owner = 0;
      // @ts-expect-error no arithmetic
      s.owner = r + 1;
      // @ts-expect-error no arithmetic
      s.held[r + 1] = 'idle';
      // @ts-expect-error no arithmetic
      when(r - 1 === 0);
      // @ts-expect-error no order against numbers
      when(r < 3);
    });
  });

  it('can be compared, kept in locals and put into what the author builds', () => {
    protocol.action({ r: Ring, other: Ring }, (s, { r, other }) => {
      let mine = r;
      if (s.owner !== mine) {
        mine = other;
        // Not narrowed to null: the false branch of a comparison of two unknown ids says nothing.
        expectTypeOf(s.owner).toEqualTypeOf<RingId | null>();
      }
      s.held[mine] = 'idle';
      const request = { from: r, to: [r, other] };
      s.owner = request.from;
      for (const one of request.to) s.held[one] = 'busy';
      for (const one of Ring) s.held[one] = s.held[r];
    });
  });
});

describe('words over domains', () => {
  it('know the element', () => {
    protocol.action((s) => {
      expectTypeOf(pick(Ring)).toEqualTypeOf<RingId>();
      expectTypeOf(pick(s.waiting)).toEqualTypeOf<ClientId>();
      expectTypeOf(pick(s.queue)).toEqualTypeOf<ClientId>();
      expectTypeOf(pick(z.set(Ring))).toEqualTypeOf<Set<RingId>>();
      expectTypeOf(values(Mode)).toEqualTypeOf<readonly ('idle' | 'busy')[]>();
      expectTypeOf(count(Ring, (r) => s.held[r] === 'idle')).toBeNumber();
      s.held = record(Ring, (r) => s.held[r]);
      s.byMode = record(Mode, () => 0);
    });
  });

  it('are predicates over predicates, and formulas over formulas', () => {
    protocol.property((s) => {
      expectTypeOf(all(Ring, (r) => s.held[r] === 'idle')).toEqualTypeOf<boolean>();
      expectTypeOf(some(s.waiting, (c) => s.queue.includes(c))).toEqualTypeOf<boolean>();
      expectTypeOf(implies(s.writer === 'idle', s.owner === null)).toEqualTypeOf<boolean>();
      expectTypeOf(not(s.writer === 'idle')).toEqualTypeOf<boolean>();
      const formula = all(Ring, (r) => eventually(s.held[r] === 'idle'));
      expectTypeOf(formula).toEqualTypeOf<Formula>();
      expectTypeOf(some(Ring, (r) => eventually(s.held[r] === 'idle'))).toEqualTypeOf<Formula>();
      expectTypeOf(implies(s.writer === 'idle', formula)).toEqualTypeOf<Formula>();
      expectTypeOf(and(s.writer === 'idle', formula)).toEqualTypeOf<Formula>();
      expectTypeOf(or(formula, not(always(until(s.writer === 'idle', formula))))).toEqualTypeOf<Formula>();
      return formula;
    });
    // @ts-expect-error an invariant is about one state
    protocol.invariant((s) => eventually(s.writer === 'idle'));
  });

  it('ask about actions with the arguments those have', () => {
    const grant = protocol.action({ r: Ring, c: Client }, (s, { r }) => void (s.owner = r));
    const tick = protocol.action((s) => void (s.owner = null));
    protocol.property(() => {
      expectTypeOf(enabled(tick)).toEqualTypeOf<boolean>();
      return all(Ring, (r) => leadsTo(enabled(grant, { r }), taken(grant, { r })));
    });
    // @ts-expect-error no such argument
    protocol.property(() => taken(grant, { ring: pick(Ring) }));
    // @ts-expect-error a client is no ring
    protocol.property(() => taken(grant, { r: pick(Client) }));
    protocol.fairness(weak(grant, tick), strong(grant), weak.any(grant, tick));
    protocol.fairness(weak(grant, { per: ['c'], when: (s, { r }, p) => s.owner !== r && p.rings > 1 }));
    // @ts-expect-error no such argument
    protocol.fairness(weak(grant, { per: ['client'] }));
    // @ts-expect-error fairness is of actions
    protocol.fairness(weak(Ring));
    // @ts-expect-error only what is judged can be violated
    protocol.model({}, { violates: [grant] });
  });
});

describe('a process', () => {
  it('knows its labels', () => {
    const worker = protocol.process({ r: Ring }, function* (s, { r }, p) {
      while (s.owner !== r) {
        yield 'take';
        when(s.owner === null && p.rings > 1);
        s.owner = r;
      }
      yield 'give';
      s.owner = null;
    });
    const ticker = protocol.process(function* (s) {
      yield 'tick';
      s.writer = 'idle';
      s = yield 'tock';
      when(s.writer === 'busy');
    });
    protocol.invariant((s) => {
      expectTypeOf(ticker.pc()).toEqualTypeOf<'tick' | 'tock' | 'done'>();
      return all(Ring, (r) => implies(worker.at({ r }, 'give'), s.owner === r) || worker.at({ r }, 'done'));
    });
    // @ts-expect-error no such label
    protocol.invariant(() => ticker.at('tack'));
    // @ts-expect-error which worker
    protocol.invariant(() => worker.at('give'));
    protocol.action({ r: Ring }, (_, { r }) => {
      expectTypeOf(worker.restart({ r })).toBeVoid();
      ticker.stop();
    });
    // @ts-expect-error which worker
    protocol.action(() => worker.restart());
    // @ts-expect-error there is one ticker
    protocol.action(() => ticker.stop({ r: [...Ring][0]! }));
    // @ts-expect-error the state after a step is what it is
    protocol.step(() => ticker.next.restart());
    protocol.fairness(weak(worker, ticker), weak(worker, { per: [] }));
    protocol.fairness(weak(worker.timeouts, { per: ['r'] }), strong(ticker.timeouts));
    protocol.process(function* () {
      const timedOut = yield* mayTimeOut('wait');
      expectTypeOf(timedOut).toEqualTypeOf<boolean>();
    });
  });

  it('knows the locals that it declares, and the state after the step', () => {
    const worker = protocol.process(
      { r: Ring },
      function* (s) {
        let seen = 0;
        yield 'look';
        seen = 1;
        yield 'leave';
        s.writer = seen === 1 ? 'busy' : 'idle';
      },
      { locals: { seen: z.int().min(0).max(1) } },
    );
    const single = protocol.process(function* () {
      yield 'only';
    });
    protocol.step(() => {
      expectTypeOf(worker.next.pc({ r: [...Ring][0]! })).toEqualTypeOf<'look' | 'leave' | 'done'>();
      return all(Ring, (r) => {
        expectTypeOf(worker.local({ r }, 'seen')).toEqualTypeOf<number>();
        expectTypeOf(worker.next.local({ r }, 'other')).toBeAny();
        return worker.next.at({ r }, 'leave') && single.next.at('only') && single.local('x') === 1;
      });
    });
    protocol.fairness(weak(worker, single), strong(worker));
    protocol.property(() => and(enabled(worker), taken(worker)));
    // @ts-expect-error no such label
    protocol.step(() => single.next.at('many'));
    // @ts-expect-error which worker
    protocol.invariant(() => worker.local('seen') === 1);
  });
});
