import { describe, expect, it } from 'vitest';
import { plainText } from '../../../dsl/docgen/document.ts';
import { guardPartWords, guardWords } from '../../../dsl/docgen/guard-words.ts';
import { stepText } from '../../../dsl/docgen/pseudocode.ts';
import { possibleWhen } from '../../../dsl/docgen/sections.ts';
import type { Statement } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';
import { systemOf } from '../compiler/compiled.ts';

/** The guard of a step of a thread, as the page of a spec words it. */
function worded(statements: string): string {
  const system = systemOf(`
    import { awake, condvar, down, enter, held, mutex, passed, barrier, reads, rwlock, semaphore, writes } from 'fairlead/sync';
    const T = ids('T', 2);
    export const one = spec('one', {
      state: () => ({ a: mutex(T), cv: condvar(T), c: semaphore(2), rw: rwlock(T, T), b: barrier(T),
        own: z.object({ count: z.int().min(0).max(3) }), stop: z.boolean(), on: z.record(T, z.boolean()), n: z.int().min(0).max(3) }),
    });
    export const step = one.action({ t: T }, (s, { t }) => { ${statements} s.n = 0; });`);
  const action = system.actions[0]!;
  const words = guardWords(system, action);
  return stepText(system, action)
    .guard.map((condition) => (words.has(condition) ? plainText(words.get(condition)!) : condition))
    .join('; ');
}

it.each([
  ['enter(s.a, t);', 'a is free'],
  ['when(awake(s.cv, t)); enter(s.a, t);', 't is not asleep on cv; a is free'],
  ['when(awake(s.cv, t) && s.a.owner === null);', 't is not asleep on cv and a is free'],
  ["when(s.cv.sleepers.has('t0'));", 't0 is asleep on cv'],
  ['when(held(s.a, t));', 't has a'],
  ['down(s.c);', 'c is not used up'],
  ['when(s.own.count > 0);', 'own.count > 0'],
  ['when(reads(s.rw, t)); when(writes(s.rw, t));', 't reads rw; t writes rw'],
  ['when(passed(s.b, t));', 't has been let through b'],
  ['when(!s.stop && s.on[t] && s.n > 1);', 'stop is false and on[t] and n > 1'],
  ['when(!(s.stop || s.on[t]));', '!(stop || on[t])'],
  ['when(s.stop || awake(s.cv, t));', 'stop || !cv.sleepers.has(t)'],
])('says of %s that %s', (statements, words) => {
  expect(worded(statements)).toBe(words);
});

it.each([
  ['when(s.n === 2)', 'n is 2'],
  ["when(!(s.state === 'off'))", 'state is not off'],
  ["when(s.state !== 'off')", 'state is not off'],
  ['when(!s.list.includes(t))', 't is not in list'],
  ['when(all(T, (u) => s.on[u]))', 'on[u] for every u'],
  ["when(all(T, (u) => s.of[u] === 'off'))", 'of[u] is off for every u'],
  ['when(all(T, (u) => s.n > 1 || s.on[u]))', 'n > 1 || on[u] for every u'],
  ['when(s.on[t] === true)', 'on[t] === true'],
  ['when(s.n > 2)', 'n > 2'],
])('says in a sentence of %s that %s', (statement, words) => {
  const system = systemOf(`
    const T = ids('T', 2);
    const OnOff = z.enum(['on', 'off']);
    export const one = spec('one', {
      state: () => ({ state: OnOff, of: z.record(T, OnOff), list: z.array(T).max(2), on: z.record(T, z.boolean()),
        n: z.int().min(0).max(3) }),
    });
    export const step = one.action({ t: T }, (s, { t }) => { ${statement}; s.n = 0; });`);
  const [guard] = system.actions[0]!.body;
  if (guard?.kind !== 'when') throw new Error('no guard');
  expect(plainText(guardPartWords(system, guard.condition))).toBe(words);
});

describe('what stands on the way through a step', () => {
  const FLAG = ir.BOOLEAN;
  const open = ir.variable('open', FLAG);
  const words = (...body: Statement[]): string => {
    const action = ir.action('go', {}, ...body);
    const system = ir.system({ open: FLAG, seen: FLAG }, { actions: [action] });
    return JSON.stringify(possibleWhen({ system, item: action }, stepText(system, action)));
  };
  const look = ir.assign(ir.variablePlace('seen', FLAG), open);
  const close = ir.assign(ir.variablePlace('open', FLAG), ir.literal(false));

  it('is no reason to call it always possible', () => {
    expect(words(look)).toContain('Always possible.');
    expect(words(close, ir.when(open))).toContain('Possible when a way through it meets each ');
    expect(words(ir.when(open), close, ir.when(ir.not(open)))).toMatch(/Possible when .*open.*, and when a way/);
    expect(words(ir.when(open), look)).not.toContain('a way through');
  });
});
