import { describe, expect, it } from 'vitest';
import { cardinality } from '../../../dsl/ir/enumerate.ts';
import type { Domain } from '../../../dsl/ir/index.ts';
import { whatIsSaidOf } from './rendered.ts';

/*
 * A few lines that would be lowered for minutes: values that are put into themselves, of which there are twice as many
 * each time, or functions that call each other twice. Each is refused where it grows. A test that hangs is one that
 * fails.
 */

const times = (count: number, at: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => at(i)).join(' ');

/** A spec with a list of up to three numbers, a body for its action, and what stands before and after. */
const specWith = (body: string, { before = '', after = '' } = {}): string => `
import { spec, z } from 'fairlead';
${before}
export const odd = spec('odd', {
  state: () => ({ n: z.int().min(0).max(3), list: z.array(z.int().min(0).max(1)).max(3) }),
});
export const go = odd.action((s) => { ${body} s.n = s.list.length; });
${after}`;

const looped = (body: string): string => specWith(`let x: any = null; for (const e of s.list) { ${body} }`);
const process = (body: string): string =>
  specWith('', {
    after: `export const p = odd.process(function* (s) { let x: any = null; while (true) { yield 'a'; ${body} } });`,
  });
const folded = (made: string, from = 'null'): string =>
  specWith(`const x = s.list.reduce<any>((total, e) => ${made}, ${from});`);
const fields = (count: number, value: string): string => `{ ${times(count, (i) => `f${i}: ${value},`)} }`;

const ITSELF = 'FL041 `x` would hold itself: it cannot be assigned';
const ACCUMULATOR = 'FL051 the accumulator of this `reduce` would hold itself';
const CALLS = 'FL055 this body is too large: more than 10,000 calls stand in it, with those in what it calls';

const GROWING: Readonly<Record<string, readonly [source: string, says: string]>> = {
  'a local in a field of itself': [looped('x = { x };'), ITSELF],
  'a local in itself with what it was': [looped('x = { ...x, x };'), ITSELF],
  'a local in a list of itself': [looped('x = [x];'), ITSELF],
  'a local in a pair with itself': [looped("x = [x, 'a'];"), ITSELF],
  'a local in a set of itself': [looped('x = new Set([x]);'), ITSELF],
  'a local in twenty fields of itself': [looped(`x = ${fields(20, 'x')};`), ITSELF],
  'a local in a thousand fields of itself': [looped(`x = ${fields(1000, 'x')};`), ITSELF],
  'two locals in each other': [
    looped(`let y: any = null; y = ${fields(4, 'x')}; x = ${fields(4, 'y')};`),
    'FL041 `y` would hold itself: it cannot be assigned',
  ],
  'a local in a loop with an end of its own': [
    specWith(`let x: any = null; let i = 0; while (i < 3) { x = ${fields(9, 'x')}; i++; }`),
    ITSELF,
  ],
  'a list that is put into itself': [
    specWith('const x: any[] = []; for (const e of s.list) x.push({ x });'),
    'FL041 `x` would hold itself: it cannot be assigned',
  ],
  'a local of a process in a list of itself': [process('x = [x];'), ITSELF],
  'a local of a process in seven fields of itself': [process(`x = ${fields(7, 'x')};`), ITSELF],
  'an accumulator in a field of itself': [folded('({ x: total, y: e })', '{}'), ACCUMULATOR],
  'an accumulator in itself with what it was': [folded('({ ...total, x: total })', '{}'), ACCUMULATOR],
  'an accumulator in a list of itself': [folded('[total]', '[]'), ACCUMULATOR],
  'an accumulator in a pair with itself': [folded("[total, 'a']"), ACCUMULATOR],
  'an accumulator in a hundred fields of itself': [folded(`(${fields(100, 'total')})`), ACCUMULATOR],
  'constants in one another, twice each': [
    specWith(`const x0 = { a: s.n, b: s.n }; ${times(60, (i) => `const x${i + 1} = { a: x${i}, b: x${i} };`)}`),
    'FL055 what `x15` stands for is too large: it has more than 50,000 parts',
  ],
  'lists in one another, twice each': [
    specWith(`const x0 = [s.n, s.n]; ${times(60, (i) => `const x${i + 1} = [x${i}, x${i}];`)}`),
    'FL055 what `x15` stands for is too large: it has more than 50,000 parts',
  ],
  'a local in two fields of itself, without a loop': [
    specWith(`let x: any = s.list; ${times(30, () => 'x = { a: x, b: x };')}`),
    ITSELF,
  ],
  'functions that call each other twice': [
    specWith('s.n = f40(1);', {
      before: `const f0 = (n: number): number => n; ${times(40, (i) => `const f${i + 1} = (n: number): number => f${i}(n) + f${i}(n);`)}`,
    }),
    CALLS,
  ],
  'local functions that call each other either way': [
    specWith(
      `const f0 = (n: number) => n; ${times(40, (i) => `const f${i + 1} = (n: number): number => (s.n === 2 ? f${i}(n) : f${i}(1));`)} s.n = f40(1);`,
    ),
    CALLS,
  ],
  'functions with a `yield` that call each other twice': [
    specWith('', {
      before: `function* f0(s: any): any { yield 'a'; s.n = 1; } ${times(20, (i) => `function* f${i + 1}(s: any): any { yield* f${i}(s); yield* f${i}(s); }`)}`,
      after: 'export const p = odd.process(function* (s) { yield* f20(s); });',
    }),
    'FL055 this process is too large: it has more than 2,000 places where a thread may stand',
  ],
};

describe('the compiler does not go on for long with', () => {
  it.each(Object.entries(GROWING))('%s', (_, [source, says]) => {
    expect(firstOf(source)).toBe(says);
  });
});

describe('the compiler takes', () => {
  it.each([
    [
      'what is put into another, and that into a third',
      'let a: any = 0; let b: any = 0; let c: any = 0; for (const e of s.list) { c = [b]; b = [a]; a = 1; }',
    ],
    [
      'a list in a list in a list, without a loop',
      `const x0 = [s.n]; ${times(5, (i) => `const x${i + 1} = [x${i}, x${i}];`)}`,
    ],
    ['a thousand calls', times(1000, () => 's.n = Math.min(f(s.n), 3);')],
    [
      'an accumulator that holds what its elements hold',
      'const x = s.list.reduce<any>((total, e) => ({ last: e, count: total.count + 1 }), { last: 0, count: 0 }); s.n = Math.min(x.count, 3);',
    ],
  ])('%s', (_, body) => {
    expect(firstOf(specWith(body, { before: 'const f = (n: number): number => n;' }))).not.toMatch(/^FL0[0-8]/);
  });
});

/** The code and the message of what is said first. */
function firstOf(source: string): string {
  const { text } = whatIsSaidOf(source, false);
  const [, code = '', message = ''] = /^\w+\[(FL\d+)\]: (.*)/.exec(text) ?? [];
  return `${code} ${message}`;
}

describe('how many values a domain has', () => {
  it('is known at once for arrays of what has no values, or one', () => {
    const arraysOf = (element: Domain, minLength: number): Domain => ({
      kind: 'array',
      element,
      minLength,
      maxLength: 2 ** 20,
    });
    const empty = arraysOf({ kind: 'never' }, 0);
    expect(cardinality(empty)).toBe(1);
    expect(cardinality(arraysOf({ kind: 'never' }, 1))).toBe(0);
    expect(cardinality(arraysOf({ kind: 'null' }, 1))).toBe(2 ** 20);
    expect(cardinality(arraysOf(arraysOf(arraysOf(empty, 0), 0), 0))).toBe(Infinity);
  });
});
