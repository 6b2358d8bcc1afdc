import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { wordWait, wordWhole } from '../../../checker/counterexample/wait-words.ts';
import type { Piece } from '../../../checker/counterexample/piece.ts';
import { textOf } from '../../../dsl/diagnostics/span.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { nameOfWait } from '../../../checker/counterexample/waits.ts';

/** How a spec hangs: what is said of everyone who waits at the end of a counterexample, and of all of them. */
function hang(source: string, property = 'deadlock'): readonly string[] {
  const system = systemOf(`
    import { awake, broadcast, condvar, down, enter, exit, mutex, semaphore, signal, sleepOn, up, wait } from 'fairlead/sync';
    import { enterReader, enterWriter, exitReader, exitWriter, rwlock } from 'fairlead/sync';
    ${source}`);
  const { outcome } = check(system).verdicts.find(({ name }) => name === property)!;
  if (outcome.kind !== 'violated') throw new Error(`${property} is ${outcome.kind}`);
  const { waitsFor } = outcome.trace;
  if (waitsFor === undefined) return [];
  const said = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');
  return [
    ...waitsFor.waits.map(
      (one) =>
        `${nameOfWait(one)} ${said(wordWait(one, textOf(system.files, one.span).replaceAll(/\s+/g, ' '), waitsFor))}`,
    ),
    ...wordWhole(waitsFor).map(said),
  ];
}

/** Threads that lock and unlock mutexes of the state: `out a` for `yield 'out'; exit(s.a, …)`. */
function locking(...threads: readonly (readonly string[])[]): string {
  const processes = threads.map((steps, index) => {
    const body = steps.map((step, at) => {
      const [verb, lock] = step.split(' ');
      return `yield '${verb}${at}'; ${verb === 'in' ? 'enter' : 'exit'}(s.${lock}, '${index}');`;
    });
    return `export const t${index} = locks.process(function* (s) { while (true) { ${body.join(' ')} } });`;
  });
  return `
    const Thread = z.enum(['0', '1', '2', '3']);
    export const locks = spec('locks', { state: () => ({ a: mutex(Thread), b: mutex(Thread), c: mutex(Thread) }) });
    ${processes.join('\n')}`;
}

describe('locks', () => {
  it('are taken in a circle by those who can end each other’s waits; somebody who waits as well stands outside', () => {
    expect(hang(locking(['in a', 'out a'], ['in a', 'in b', 'out b', 'out a'], ['in b', 'in a', 'out a', 'out b'])))
      .toMatchInlineSnapshot(`
        [
          "t0 waits for a, held by 1 since step 1; only t1 can end that",
          "t1 waits for b, held by 2 since step 2; only t2 can end that",
          "t2 waits for a, held by 1 since step 1; only t1 can end that",
          "They wait in a circle: t1 → t2 → t1",
        ]
      `);
  });

  it('are taken in a circle of three', () => {
    expect(
      hang(
        locking(
          ['in a', 'in b', 'out b', 'out a'],
          ['in b', 'in c', 'out c', 'out b'],
          ['in c', 'in a', 'out a', 'out c'],
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "t0 waits for b, held by 1 since step 2; only t1 can end that",
        "t1 waits for c, held by 2 since step 3; only t2 can end that",
        "t2 waits for a, held by 0 since step 1; only t0 can end that",
        "They wait in a circle: t0 → t1 → t2 → t0",
      ]
    `);
  });

  it('are kept by a thread that waits for itself, others or not', () => {
    expect(hang(locking(['in a', 'in a', 'out a']))).toMatchInlineSnapshot(`
      [
        "t0 waits for a, which it holds itself since step 1; nobody else can end that",
        "t0 waits for itself.",
      ]
    `);
    expect(hang(locking(['in a', 'in a', 'out a'], ['in a', 'out a']))).toMatchInlineSnapshot(`
      [
        "t0 waits for a, which it holds itself since step 1; nobody else can end that",
        "t1 waits for a, held by 0 since step 1; only t0 can end that",
        "t0 waits for itself.",
      ]
    `);
  });

  it('that do not say who holds them are not given back by those who wait for them', () => {
    const flag = (name: string, first: string, second: string) => `
      export const ${name} = flags.process(function* (s) {
        while (true) {
          yield 'one'; when(!s.${first}); s.${first} = true;
          yield 'two'; when(!s.${second}); s.${second} = true;
          yield 'out'; s.${second} = false; s.${first} = false;
        }
      });`;
    const flags = `
      export const flags = spec('flags', { state: () => ({ a: z.boolean(), b: z.boolean() }) });
      ${flag('ab', 'a', 'b')} ${flag('ba', 'b', 'a')}
      export const bystander = flags.process(function* (s) {
        while (true) { yield 'in'; when(!s.a); s.a = true; yield 'out'; s.a = false; }
      });`;
    expect(hang(flags)).toMatchInlineSnapshot(`
      [
        "ab waits until b is false (it is true since step 2); only ba can end that",
        "ba waits until a is false (it is true since step 1); only ab can end that",
        "bystander waits until a is false (it is true since step 1); only ab can end that",
        "They wait in a circle: ab → ba → ab",
      ]
    `);
  });

  it('are held by readers and wanted by a writer, who keeps the readers out', () => {
    const nested = `
      const Hold = z.tuple([ids('Reader', 2), z.enum(['outer', 'inner'])]);
      const [Reader, Writer] = [ids('Reader', 2), ids('Writer', 1)];
      export const nested = spec('nested read', { state: () => ({ lock: rwlock(Hold, Writer) }) });
      export const reader = nested.process({ r: Reader }, function* (s, { r }) {
        while (true) {
          yield 'first';
          yield* enterReader(s.lock, [r, 'outer']);
          yield 'second';
          yield* enterReader(s.lock, [r, 'inner']);
          yield 'inner';
          exitReader(s.lock, [r, 'inner']);
          yield 'outer';
          exitReader(s.lock, [r, 'outer']);
        }
      });
      export const writer = nested.process({ w: Writer }, function* (s, { w }) {
        while (true) {
          yield 'write';
          yield* enterWriter(s.lock, w);
          yield 'inside';
          exitWriter(s.lock, w);
        }
      });`;
    expect(hang(nested)).toMatchInlineSnapshot(`
      [
        "reader(reader0) waits to enter lock as a reader; only writer(w0) can end that",
        "reader(reader1) waits to enter lock as a reader; only writer(w0) can end that",
        "writer(w0) waits to enter lock as a writer; only reader(reader0) can end that",
        "They wait in a circle: reader(reader0) → writer(w0) → reader(reader0)",
      ]
    `);
  });

  it('are waited for through a child that a holder waits for', () => {
    const zil = `
      const [Zio, Config] = [z.enum(['parent', 'child', 'stranger']), z.literal('config')];
      export const zil = spec('config', {
        state: () => ({ scl: rwlock(Zio, Config), issued: z.boolean(), childDone: z.boolean() }),
      });
      export const parent = zil.process(function* (s) {
        while (true) {
          yield 'start';
          yield* enterReader(s.scl, 'parent');
          yield 'issue';
          s.issued = true;
          yield 'wait';
          when(s.childDone);
          s.childDone = false;
          exitReader(s.scl, 'parent');
        }
      });
      export const child = zil.process(function* (s) {
        while (true) {
          yield 'start';
          when(s.issued);
          s.issued = false;
          yield* enterReader(s.scl, 'child');
          yield 'finish';
          s.childDone = true;
          exitReader(s.scl, 'child');
        }
      });
      export const stranger = zil.process(function* (s) {
        while (true) {
          yield 'start';
          yield* enterReader(s.scl, 'stranger');
          yield 'work';
          exitReader(s.scl, 'stranger');
        }
      });
      export const config = zil.process(function* (s) {
        while (true) {
          yield 'start';
          yield* enterWriter(s.scl, 'config');
          yield 'change';
          exitWriter(s.scl, 'config');
        }
      });
      export const writes = zil.property(() => leadsTo(config.at('start'), config.at('change')));
      export const fair = zil.fairness(weak(parent, child, stranger, config));`;
    expect(hang(zil)).toMatchInlineSnapshot(`
      [
        "parent waits until childDone is true (it is false); only child can end that",
        "child waits to enter scl as a reader; only config can end that",
        "stranger waits to enter scl as a reader; only config can end that",
        "config waits to enter scl as a writer; only parent can end that",
        "They wait in a circle: parent → child → config → parent",
      ]
    `);
    expect(hang(zil, 'writes')).toEqual(hang(zil));
  });

  it('of units without an owner are given back by whoever has not yet come to wait for one', () => {
    const units = `
      export const units = spec('units', {
        state: () => ({ permits: semaphore(1), lock: mutex(z.enum(['a', 'b', 'c'])) }),
        init: (s) => { s.permits.count = 1; },
      });
      export const a = units.process(function* (s) {
        yield 'down'; down(s.permits); yield 'in'; enter(s.lock, 'a'); yield 'out'; exit(s.lock, 'a'); up(s.permits);
      });
      export const b = units.process(function* (s) {
        yield 'in'; enter(s.lock, 'b'); yield 'down'; down(s.permits); yield 'up'; up(s.permits); exit(s.lock, 'b');
      });
      export const c = units.process(function* (s) { yield 'down'; down(s.permits); yield 'up'; up(s.permits); });`;
    expect(hang(units)).toMatchInlineSnapshot(`
      [
        "a waits for lock, held by b since step 2; only b can end that",
        "b waits at the semaphore permits, which is 0 since step 1; only a can end that",
        "c waits at the semaphore permits, which is 0 since step 1; only a can end that",
        "They wait in a circle: a → b → a",
      ]
    `);
  });
});

describe('waking', () => {
  it('that nobody does is said to be nobody’s', () => {
    const sleepers = `
      const Thread = ids('Thread', 2);
      export const sleepers = spec('sleepers', { state: () => ({ lock: mutex(Thread), cv: condvar(Thread) }) });
      export const thread = sleepers.process({ t: Thread }, function* (s, { t }) {
        yield 'enter';
        enter(s.lock, t);
        while (true) { yield 'sleep'; yield* wait(s.cv, s.lock, t); }
      });`;
    expect(hang(sleepers)).toMatchInlineSnapshot(`
      [
        "thread(t0) is asleep on cv since step 2; nothing ever ends that",
        "thread(t1) is asleep on cv since step 4; nothing ever ends that",
      ]
    `);
  });

  /** The window between looking and falling asleep. */
  const lost = (waker: string) => `
    const Ring = ids('Ring', 1);
    export const rings = spec('rings', {
      state: () => ({ expired: z.boolean(), lock: mutex(Ring), wakeUp: z.record(Ring, condvar(Ring)), gone: z.boolean() }),
    });
    export const worker = rings.process({ r: Ring }, function* (s, { r }) {
      yield 'test';
      enter(s.lock, r);
      if (!s.expired) {
        yield 'sleep';
        yield* wait(s.wakeUp[r], s.lock, r);
      }
      yield 'leave';
      exit(s.lock, r);
      s.gone = true;
    });
    ${waker}`;

  it('that came before somebody fell asleep is named, with its step', () => {
    const writer = `
      export const writer = rings.process(function* (s) {
        yield 'call';
        s.expired = true;
        broadcast(s.wakeUp.r0);
        yield 'finish';
        when(s.gone);
      });`;
    expect(hang(lost(writer))).toMatchInlineSnapshot(`
      [
        "worker(r0) is asleep on wakeUp[r0] since step 3; nobody can end that any more: writer.call has already run, at step 2",
        "writer waits until gone is true (it is false); only worker(r0) can end that",
      ]
    `);
    const expire = `
      export const expire = rings.action({ r: Ring }, (s, { r }) => {
        when(!s.expired);
        s.expired = true;
        broadcast(s.wakeUp[r]);
      });`;
    expect(hang(lost(expire))).toMatchInlineSnapshot(`
      [
        "worker(r0) is asleep on wakeUp[r0] since step 3; nobody can end that any more: expire(r0) has already run, at step 2",
      ]
    `);
  });

  it('that nothing promises is named in a behavior that stays without', () => {
    const interrupt = `
      export const expire = rings.action({ r: Ring }, (s, { r }) => {
        when(!s.expired);
        s.expired = true;
        broadcast(s.wakeUp[r]);
      });
      export const interrupt = rings.action({ r: Ring }, (s, { r }) => {
        when(s.wakeUp[r].sleepers.has(r));
        s.wakeUp[r].sleepers.delete(r);
      });
      export const fair = rings.fairness(weak(worker, expire));
      export const leaves = rings.property((s) => eventually(s.gone));`;
    expect(hang(lost(interrupt), 'leaves')).toMatchInlineSnapshot(`
      [
        "worker(r0) is asleep on wakeUp[r0] since step 3; only interrupt(r0) (possible, but not forced) can end that; expire(r0) has already run, at step 2",
      ]
    `);
  });
});

describe('what cannot come back', () => {
  it('is a budget that is used up: no circle', () => {
    const budget = `
      const Node = ids('Node', 2);
      export const net = spec('budget', {
        state: () => ({ crashes: z.int().min(0).max(1), dead: z.set(Node), token: z.nullable(Node) }),
      });
      export const crash = net.action({ n: Node }, (s, { n }) => { when(s.crashes < 1); s.crashes++; s.dead.add(n); });
      export const take = net.action({ n: Node }, (s, { n }) => {
        when(s.token === null && !s.dead.has(n));
        s.token = n;
      });
      export const give = net.action({ n: Node }, (s, { n }) => {
        when(s.token === n && !s.dead.has(n));
        s.token = null;
      });`;
    expect(hang(budget)).toMatchInlineSnapshot(`
      [
        "crash(n0) waits until crashes is less than 1 (it is 1 since step 2); nothing ever ends that",
        "take(n0) waits until token is null (it is n0 since step 1); only give(n0) can end that",
        "give(n0) waits until dead no longer has n0 (as it is since step 2); nothing ever ends that",
        "crash(n1) waits until crashes is less than 1 (it is 1 since step 2); nothing ever ends that",
        "take(n1) waits until token is null (it is n0 since step 1); only give(n0) can end that",
      ]
    `);
  });

  it.each(['s.up.has(n)', 's.on[n]'])('is an element that nobody puts back: %s', (again) => {
    const elements = `
      const Node = ids('Node', 2);
      export const elements = spec('elements', {
        state: () => ({ up: z.set(Node), on: z.record(Node, z.boolean()) }),
        init: (s) => { for (const n of Node) { s.up.add(n); s.on[n] = true; } },
      });
      export const node = elements.process({ n: Node }, function* (s, { n }) {
        while (true) { yield 'off'; s.up.delete(n); s.on[n] = false; yield 'again'; when(${again}); }
      });`;
    expect(hang(elements).map((line) => line.replace(/ waits.*;/, ';'))).toEqual([
      'node(n0); nothing ever ends that',
      'node(n1); nothing ever ends that',
    ]);
  });

  it('is all that was there to do: the system has finished', () => {
    const counter = `
      export const taking = spec('taking', { state: () => ({ x: z.int().min(0).max(2) }), init: (s) => { s.x = 2; } });
      export const takeOne = taking.action((s) => { when(s.x > 0); s.x -= 1; });
      export const takeTwo = taking.action((s) => { when(s.x > 1); s.x -= 2; });`;
    expect(hang(counter)).toMatchInlineSnapshot(`
      [
        "takeOne waits until x is more than 0 (it is 0 since step 1); nothing ever ends that",
        "takeTwo waits until x is more than 1 (it is 0 since step 1); nothing ever ends that",
        "Nothing is left to do: the system has finished. If that is a proper end, say so: terminal((s) => s.x <= 0 && s.x <= 1)",
      ]
    `);
    const revisions = `
      const Client = ids('Client', 2);
      export const etcd = spec('etcd', {
        params: { revisions: z.int().min(1).max(8).default(2) },
        state: (p) => ({ revision: z.int().min(0).max(p.revisions), mine: z.record(Client, z.int().min(0).max(p.revisions)) }),
      });
      export const lock = etcd.action({ c: Client }, (s, { c }, p) => {
        when(all(Client, (x) => s.mine[x] === 0));
        when(s.revision < p.revisions);
        s.revision++;
        s.mine[c] = s.revision;
      });
      export const unlock = etcd.action({ c: Client }, (s, { c }) => { when(s.mine[c] !== 0); s.mine[c] = 0; });`;
    expect(hang(revisions)).toMatchInlineSnapshot(`
      [
        "lock(c0) waits until revision is less than 2 (it is 2 since step 3); nothing ever ends that",
        "lock(c1) waits until revision is less than 2 (it is 2 since step 3); nothing ever ends that",
        "Nothing is left to do: the system has finished. If that is a proper end, say so: terminal((s, p) => s.revision >= p.revisions)",
      ]
    `);
    const consumer = `
      export const queue = spec('queue', { state: () => ({ items: z.array(z.int().min(0).max(1)).max(2) }) });
      export const producer = queue.process(function* (s) { yield 'put'; s.items.push(1); });
      export const consumer = queue.process(function* (s) { while (true) { yield 'take'; when(s.items.length > 0); s.items.shift(); } });`;
    expect(hang(consumer)).toMatchInlineSnapshot(`
      [
        "consumer waits for s.items.length > 0 (items: [] since step 2); nobody can end that any more: producer.put has already run, at step 1",
        "Nothing is left to do: the system has finished. If that is a proper end, say so: terminal((s) => s.items.length <= 0)",
      ]
    `);
  });
});

describe('a step outside of processes', () => {
  const idle = (more: string): string => `
    export const s1 = spec('idle', { state: () => ({ a: z.boolean(), b: z.boolean() }) });
    export const t = s1.process(function* (s) { yield 'wait'; when(s.a); });
    export const end = s1.action((s) => { when(s.b); ${more} });`;

  it('that has nothing to do is not among those who wait, where threads wait', () => {
    const [first, ...others] = hang(idle('s.b = false;'));
    expect(first).toBe('t waits until a is true (it is false); nothing ever ends that');
    expect(others.filter((one) => one.startsWith('end '))).toEqual([]);
  });

  it('is, where there are no threads', () => {
    const alone = idle('s.b = false;').replace(/export const t = .*\n/, '');
    expect(hang(alone).join()).toContain('end waits until b is true');
  });
});
