import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { textOf } from '../../../dsl/diagnostics/span.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { wordWarning } from '../../../checker/verdict/warning-words.ts';

/** `message @ source` of every warning about the first model of a spec that is given as text. */
function warned(source: string): string[] {
  const system = systemOf(source);
  const { warnings } = check(system, { deadlock: false });
  return warnings.map(
    (warning) => `${wordWarning(warning)} @ ${textOf(system.files, warning.span).replaceAll(/\s+/g, ' ')}`,
  );
}

/** A lease that is held and given back, with more said about it. */
function lease({ state = '', held = '', rest = '' }): string {
  return `
    const lease = spec('lease', {
      params: { expires: z.boolean().default(false) },
      state: () => ({ holder: z.enum(['none', 'a', 'b']), ${state} }),
    });
    const take = lease.action((s) => {
      when(s.holder === 'none');
      s.holder = pick(['a', 'b']);
      ${held}
    });
    const give = lease.action((s) => { when(s.holder !== 'none'); s.holder = 'none'; });
    ${rest}
    const one = lease.model({});`;
}

it('has nothing to warn of where everything happens', () => expect(warned(lease({}))).toEqual([]));

describe('a warning of values that are never reached', () => {
  it('names the members of an enumeration, under whatever key they would stand', () => {
    const state = `seen: z.record(z.enum(['a', 'b']), z.enum(['no', 'once', 'twice', 'often']))`;
    const held = `s.seen.a = s.seen.a === 'no' ? 'once' : 'no';`;
    expect(warned(lease({ state, held }))).toEqual(['`seen[…]` is never twice or often @ seen']);
  });

  it('names cases, truth values, and what a set never contains', () => {
    const state = `
      last: z.union([z.object({ kind: z.literal('none') }), z.object({ kind: z.literal('by'), late: z.boolean() }),
        z.object({ kind: z.literal('gone') })]).optional(),
      past: z.set(z.enum(['a', 'b', 'c'])),`;
    const held = `s.last = { kind: 'by', late: false }; s.past.add(s.holder);`;
    expect(warned(lease({ state, held })).map((one) => one.replace(/ @.*/, ''))).toEqual([
      '`last` is never none or gone',
      '`last(by).late` is never true',
      '`past` never contains c',
    ]);
  });

  it('does not speak of numbers and ids, of which each is one among many', () => {
    const state = `by: ids('Thread', 3).nullable(), n: z.int().min(0).max(9)`;
    const held = `s.by = s.by === null ? 't1' : null; s.n = 1 - s.n;`;
    expect(warned(lease({ state, held }))).toEqual([]);
  });
});

describe('a warning of a schema with far more room than is used', () => {
  it('gives the bounds that were reached, of integers wherever they stand', () => {
    const state = `n: z.int().min(-10).max(100).default(-8), few: z.set(z.int().min(0).max(31)),
      by: z.record(z.enum(['a', 'b']), z.object({ left: z.int().min(0).max(20).nullable() }))`;
    const held = `s.n = s.n === -10 ? -8 : -10; s.few.add(7); s.by.a.left = s.by.a.left === 2 ? null : 2;`;
    expect(warned(lease({ state, held }))).toEqual([
      '`n` is always -10 to -8, of -10 to 100 that it may be @ n',
      '`few` only ever contains 7, of 0 to 31 that it may contain @ few',
      '`by[…].left` is always 2, of 0 to 20 that it may be @ by',
    ]);
  });

  it('looks into the elements of sets, whose bits are the product of what their parts may be', () => {
    const state = `
      sent: z.set(z.object({ term: z.int().min(0).max(63), vote: z.boolean(), to: z.enum(['x', 'y', 'z']) })),
      nested: z.set(z.tuple([z.boolean(), z.set(z.int().min(0).max(5))])),
      plain: z.set(z.tuple([z.boolean(), z.int().min(0).max(15)])),`;
    const held = `
      const early = s.sent.size === 0;
      s.sent.add({ term: early ? 3 : 5, vote: early, to: early ? 'x' : 'z' });
      s.nested.add([early, new Set([early ? 0 : 5])]);
      for (let n = 0; n < 16; n++) s.plain.add([n % 2 === 0, n]);`;
    expect(warned(lease({ state, held }))).toEqual([
      '`sent[…].term` is always 3 to 5, of 0 to 63 that it may be @ sent',
      '`sent[…].to` is never y @ sent',
    ]);
  });

  it('says how long a sequence ever is', () => {
    const state = `queue: z.array(z.boolean()).max(8)`;
    const held = `s.queue = s.queue.length < 2 ? [...s.queue, s.queue.length === 0] : [];`;
    expect(warned(lease({ state, held }))).toEqual([
      '`queue` never has more than 2 of the 8 elements that it has room for @ queue',
    ]);
  });

  it.each([
    ['that is not many times larger', `n: z.int().min(0).max(15)`, `s.n = (s.n + 1) % 5;`],
    ['of few values', `n: z.int().min(0).max(9)`, `s.n = 1 - s.n;`],
    ['of numbers that are far apart', `n: z.int().min(0).max(99)`, `s.n = 99 - s.n;`],
    ['of a short sequence', `q: z.array(z.boolean()).max(3)`, `s.q = s.q.length === 0 ? [true] : [false].slice(1);`],
    ['with room for each thread once', `q: z.array(ids('Thread', 8)).max(8)`, `s.q = s.q.length === 0 ? ['t1'] : [];`],
  ])('says nothing of one %s', (_, state, held) => {
    const warnings = warned(lease({ state, held })).filter((one) => / room | may /.test(one));
    expect(warnings).toEqual([]);
  });
});

describe('a warning of what an action never does', () => {
  it('underlines the condition that no step has true', () => {
    const held = `if (s.holder === 'none') s.holder = 'a'; else if (s.holder !== 'none') s.holder = 'b';`;
    expect(warned(lease({ held, rest: `const b = lease.invariant((s) => s.holder !== 'a');` }))).toEqual([
      "in `take`, no step has this condition true, so what depends on it is never done @ s.holder === 'none'",
      '`holder` is never a @ holder',
    ]);
  });

  it('says nothing of a function that is called twice, when between them the calls do all it can', () => {
    const rest = `
      const flip = (s, on) => { if (s.holder === 'none') s.holder = on; else s.holder = 'none'; };
      const up = lease.action((s) => { when(s.holder === 'none'); flip(s, 'b'); });
      const down = lease.action((s) => { when(s.holder === 'b'); flip(s, 'a'); });`;
    expect(warned(lease({ rest }))).toEqual([]);
  });

  it('says nothing of what a parameter rules out, neither branches nor the steps that only they lead to', () => {
    const rest = `
      const clerk = lease.process({}, function* (s, _, p) {
        while (true) {
          yield 'watch';
          when(s.holder === 'a');
          if (p.expires) {
            yield 'expire';
            s.holder = 'none';
          }
          yield 'rest';
        }
      });`;
    expect(warned(lease({ rest }))).toEqual([]);
  });

  it.each([
    ['a choice behind `&&`', `when(s.on && pick([true, false]));`],
    ['a choice in a name', `const ok = s.on && pick([true, false]); when(ok);`],
    ['a choice of the author', `when(s.on ? pick([true, false]) : false);`],
    ['a function that answers', `when(can(s));`],
    ['the answer of a function', `const ok = can(s); when(ok);`],
    ['the answer of a loop', `when(anyOf(s));`],
    ['an `if`', `if (!s.on) when(false);`],
    ['an `else`', `if (s.on) s.n = 0; else { when(false); }`],
    ['a function that refuses', `if (!s.on) refuse();`],
    ['an `if` in an `if`', `if (!s.on) { if (s.n === 0) when(false); else when(false); }`],
    ['an assertion', `if (2 < s.n) verify(false, 'too many');`],
    ['what may be absent', `when(s.seen.pop() ?? false);`],
    ['what is taken from a queue', `when(s.on && s.seen.shift() === true);`],
  ])('says nothing of a guard that is %s', (_, guard) => {
    const source = `
      const x = spec('x', {
        state: () => ({ on: z.boolean(), n: z.int().min(0).max(3), seen: z.array(z.boolean()).max(2) }),
      });
      const refuse = () => { when(false); };
      const can = (s) => { if (!s.on) return false; return pick([true, false]); };
      const anyOf = (s) => { for (const one of s.seen) if (one && s.on) return pick([true, false]); return false; };
      const flip = x.action((s) => { s.on = !s.on; if (s.seen.length < 2) s.seen.push(s.on); else s.seen = []; });
      const go = x.action((s) => { ${guard} s.n = (s.n + 1) % 3; });
      const one = x.model({});`;
    expect(warned(source).filter((warning) => warning.includes('in `go`'))).toEqual([]);
  });

  it('says nothing of what `when(false)` or a parameter switches off, nor of the steps behind it', () => {
    const rest = `
      const off = lease.action((s) => { when(false); s.holder = 'a'; });
      const expire = lease.action((s, p) => { when(p.expires && s.holder === 'a'); s.holder = 'none'; });
      const clerk = lease.process(function* (s) { yield 'watch'; when(false); yield 'rest'; s.holder = 'none'; });`;
    expect(warned(lease({ rest }))).toEqual([]);
  });

  it('is silenced by a comment above it or on its line', () => {
    const idle = (comment: string) => `
      ${comment}
      const idle = lease.action((s) => { when(s.holder === 'a' && s.holder === 'b'); s.holder = 'none'; });`;
    expect(warned(lease({ rest: idle('') }))).toHaveLength(1);
    expect(warned(lease({ rest: idle('// fairlead-ignore actionNeverEnabled') }))).toEqual([]);
    expect(warned(lease({ rest: idle('// fairlead-ignore branchNeverTaken') }))).toHaveLength(1);
  });

  it('is not made of a part of Fairlead itself, of which no spec uses everything', () => {
    const spec = `
      import { enter, exit, rwlock, askToRead, reads, exitReader } from 'fairlead/sync';
      const Thread = ids('Thread', 1);
      const lock = spec('lock', { state: () => ({ rw: rwlock(Thread, Thread) }) });
      const reader = lock.process({ t: Thread }, function* (s, { t }) {
        while (true) { yield 'ask'; askToRead(s.rw, t); yield 'leave'; when(reads(s.rw, t)); exitReader(s.rw, t); }
      });
      const one = lock.model({});`;
    expect(warned(spec)).toEqual([]);
  });
});

describe('a warning of what says nothing', () => {
  it('underlines the left side of an implication that never holds, also as `!a || b` and under quantifiers', () => {
    const state = `seen: z.record(z.enum(['a', 'b']), z.boolean())`;
    const rest = `
      const never = lease.invariant((s) => implies(s.holder === 'a' && s.seen.b, s.seen.a));
      const nobody = lease.invariant((s) => all(['a', 'b'], (x) => !s.seen[x] || s.holder === 'none' || s.holder === 'b'));
      const few = lease.invariant((s) => all(['a', 'b'], (x) => implies(s.holder === x, implies(s.holder === 'a', x !== 'b'))));;
      const step = lease.step((s, next) => implies(s.seen.a, next.holder === 'none'));`;
    expect(warned(lease({ state, rest }))).toEqual([
      '`seen` has the same value in every reachable state @ seen',
      "this never holds, so what it implies is never asked @ s.holder === 'a' && s.seen.b",
      'this never holds, so what it implies is never asked @ s.seen[x]',
      'this never holds, so what it implies is never asked @ s.seen.a',
      '`few` is true whatever values its variables have, so it says nothing @ few',
    ]);
  });

  it('sees implications in formulas, and left sides of `leadsTo`', () => {
    const rest = `
      const p = lease.property((s) => always(implies(s.holder === 'a' && s.holder === 'b', eventually(s.holder === 'a'))));
      const q = lease.property((s) => leadsTo(s.holder === 'a' && s.holder === 'b', s.holder === 'a'));
      const r = lease.property((s) => always(implies(s.holder === 'a', s.holder !== 'b')));
      const u = lease.property((s, p) => always(implies(p.expires && s.holder === 'a', eventually(s.holder === 'b'))));`;
    expect(warned(lease({ rest }))).toEqual([
      "this never holds, so what it implies is never asked @ s.holder === 'a' && s.holder === 'b'",
      "the left side of this `leadsTo` never holds, so it promises nothing @ s.holder === 'a' && s.holder === 'b'",
    ]);
  });

  it('sees questions after actions that are true of nothing', () => {
    const rest = `
      const lose = lease.action((s) => { when(s.holder === 'a' && s.holder === 'b'); s.holder = 'none'; });
      const look = lease.action({ by: z.enum(['a', 'b']) }, (s, { by }) => { when(by === 'a'); });
      const p = lease.property((s) => implies(always(eventually(taken(lose))), always(eventually(s.holder === 'a'))));
      const q = lease.property((s) => leadsTo(enabled(lose), s.holder === 'none'));
      const r = lease.property((s) => eventually(taken(look)));
      const t = lease.property((s) => eventually(enabled(look)));
      const u = lease.property((s) => always(eventually(enabled(look, { by: 'b' }))));
      const v = lease.invariant((s) => s.holder === 'a' || !enabled(lose));
      const w = lease.property((s) => all(z.enum(['a', 'b']), (by) => eventually(enabled(look, { by }))));`;
    const told = warned(lease({ rest }));
    expect(told.filter((one) => one.startsWith('this is never true'))).toEqual([
      'this is never true: no such step ever changes anything @ taken(lose)',
      'this is never true: no such step is ever possible @ enabled(lose)',
      'this is never true: no such step ever changes anything @ taken(look)',
      "this is never true: no such step is ever possible @ enabled(look, { by: 'b' })",
      'this is never true: no such step is ever possible @ enabled(lose)',
    ]);
  });

  it('says nothing of questions that a claim denies, that parameters decide, or that are true of a step of a process', () => {
    const rest = `
      const lose = lease.action((s) => { when(s.holder === 'a' && s.holder === 'b'); s.holder = 'none'; });
      const expire = lease.action((s, p) => { when(p.expires && s.holder !== 'none'); s.holder = 'none'; });
      const user = lease.process({ u: ids('User', 1) }, function* (s, { u }) {
        yield 'wait';
        when(s.holder === 'a');
        yield 'never';
        when(s.holder === 'a' && s.holder === 'b');
        s.holder = 'none';
      });
      const p = lease.property((s) => always(not(taken(lose))));
      const q = lease.property((s) => and(eventually(s.holder === 'a'), not(eventually(enabled(lose)))));
      const r = lease.property((s, p) => implies(p.expires, always(eventually(taken(lose)))));
      const t = lease.property((s) => always(eventually(taken(expire))));
      const u = lease.property((s) => always(eventually(taken(user))));
      const v = lease.property((s) => implies(always(eventually(taken(give))), eventually(enabled(take))));
      const w = lease.invariant((s) => !enabled(lose));`;
    expect(warned(lease({ rest })).filter((one) => one.startsWith('this is never true'))).toEqual([]);
  });

  it('names an invariant that its types alone make true, unless parameters do or all states are initial', () => {
    const rest = `
      const typed = lease.invariant((s) => s.holder === 'none' || s.holder !== 'none');
      const real = lease.invariant((s) => !s.both);
      const chosen = lease.invariant((s, p) => !p.expires || s.holder === 'a');`;
    const state = `both: z.boolean()`;
    expect(warned(lease({ state, rest })).map((one) => one.replace(/ @.*/, ''))).toEqual([
      '`both` has the same value in every reachable state',
      '`typed` is true whatever values its variables have, so it says nothing',
    ]);
    const anywhere = `
      const x = spec('x', { state: () => ({ n: z.int().min(0).max(3) }), init: (s) => { s.n = pick([0, 1, 2, 3]); } });
      const go = x.action((s) => { s.n = (s.n + 1) % 4; });
      const small = x.invariant((s) => s.n < 4);
      const one = x.model({});`;
    expect(warned(anywhere)).toEqual([]);
  });

  it('names the properties that a `within` leaves without any fair behavior to be about', () => {
    const counter = (within: string, fairness: string) => `
      const x = spec('x', { state: () => ({ n: z.int().min(0).max(5) }) });
      const go = x.action((s) => { s.n = (s.n + 1) % 6; });
      const few = x.within((s) => ${within});
      const moves = x.fairness(${fairness});
      const returns = x.property((s) => always(eventually(s.n === 0)));
      const one = x.model({});`;
    expect(warned(counter('s.n < 3', 'weak(go)'))).toEqual([
      expect.stringMatching(/^no fair behavior stays within few, so nothing was found out about `returns` @/),
    ]);
    expect(warned(counter('s.n < 6', 'weak(go)'))).toEqual([]);
    expect(warned(counter('s.n < 3', ''))).toEqual([]);
  });
});
