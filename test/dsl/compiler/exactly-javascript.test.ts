import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { plainSteps } from '../../support/plain-step.ts';

/*
 * Bodies of one line: each means what it means to JavaScript on plain objects, which nothing copies, by every engine, or it
 * is refused. Which of the two is written before it in `exactly-javascript.txt`: `=`, or the code of the refusal; `!`
 * where JavaScript goes on with what no state can hold (an element outside of an array, `null` as a number, an integer
 * outside of 32 bits), and the step fails instead. Lines with `#` say what the next ones are about.
 */
const LINES = readFileSync(fileURLToPath(new URL('exactly-javascript.txt', import.meta.url)), 'utf8')
  .split('\n')
  .filter((line) => line !== '');

const HEAD = `
import { local, record, spec, values, z } from 'fairlead';

const Int = z.int().min(-99).max(99);
const Point = z.object({ x: Int, y: Int });
const Digits = z.object({ x: z.int().min(0).max(9), y: z.int().min(0).max(6) });
const Key = z.enum(['k', 'l']);
const Mode = z.enum(['idle', 'busy', '1', '10', 'constructor', 'toString']);
const Odd = z.enum(['b', '10', '2', 'toString']);
const Small = z.int().min(0).max(3);
const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ask'), from: Small }),
  z.object({ kind: z.literal('tell'), to: Small, n: Int }),
]);
const EMPTY = { x: 0, y: 0 };
function same(one: any) { return one; }
function setX(one: any, x: number) { one.x = x; }
function wrap(one: any) { return { of: one }; }
function put(s: any, value: number) { s.n = value; return value; }
const HOST: any = { one: 1, none: undefined, list: [4, 5, 6], object: { x: 1, y: 2 } };
const NONE = undefined;
enum Level { Low, High, Top = 7 }
`;

const DECLARED = `{
  state: () => ({
    a: Point, b: Point, c: Point, n: Int, m: Int, flag: z.boolean(),
    q: z.array(Point).max(4), r: z.array(Point).max(4), list: z.array(Int).max(6), set: z.set(Digits),
    rec: z.record(Key, Point), maybe: Point.nullable(), t: z.tuple([Point, Int]),
    nest: z.object({ in: Point, deep: z.object({ p: Point, q: z.array(Point).max(3) }) }),
    mode: Mode, num: Int.nullable(), opt: z.object({ x: Int, note: Int.optional() }), ints: z.set(Small),
    byKey: z.record(Odd, Int), byInt: z.record(Small, Int), rows: z.array(z.array(Int).max(3)).max(3), msg: Message,
    any: z.union([Int, Mode, z.boolean()]), bits: z.array(z.boolean()).length(3),
  }),
  init: (s) => {
    [s.a, s.b, s.c] = [{ x: 1, y: 2 }, { x: 3, y: 4 }, { x: 5, y: 6 }];
    s.q = [{ x: 10, y: 0 }, { x: 11, y: 1 }, { x: 12, y: 2 }];
    s.list = [5, 3, 9, 3];
    s.rec = { k: { x: 20, y: 21 }, l: { x: 22, y: 23 } };
    s.nest = { in: { x: 30, y: 33 }, deep: { p: { x: 31, y: 34 }, q: [{ x: 32, y: 0 }] } };
    s.maybe = { x: 40, y: 41 };
    s.t = [{ x: 50, y: 51 }, 7];
    [s.n, s.m, s.any] = [0, 0, 0];
    s.opt = { x: 1, note: undefined };
    s.ints = new Set([1, 3]);
    s.byKey = { b: 1, '10': 2, '2': 3, toString: 4 };
    s.byInt = record(Small, (key) => key + 60);
    s.rows = [[1, 2], [3]];
    s.bits = [true, false, true];
  },
}`;

const bodies = LINES.filter((line) => !line.startsWith('#')).map((line) => {
  const at = line.indexOf(' ');
  return { expected: line.slice(0, at), body: line.slice(at + 1) };
});
const found = plainSteps(
  HEAD,
  DECLARED,
  bodies.map(({ body }) => body),
);

describe('a body', () => {
  it.each(bodies.map(({ expected, body }, at) => [body, expected, found[at]!] as const))('%s', (_, expected, one) => {
    if (one.refused !== undefined) {
      expect(one.refused.slice(0, 5)).toBe(expected);
      return;
    }
    if (expected === '!') expect([one.interpreted, one.plain === 'fails']).toEqual(['fails', false]);
    else expect({ expected, result: one.interpreted }).toEqual({ expected: '=', result: one.plain });
    if (one.generated !== undefined) expect(one.generated).toEqual([one.interpreted, one.interpreted]);
  });

  it('is understood, refused or fails as often as is written here', () => {
    const count = (test: (expected: string) => boolean) => bodies.filter(({ expected }) => test(expected)).length;
    expect({
      same: count((expected) => expected === '='),
      refused: count((expected) => expected.startsWith('FL')),
      failsInstead: count((expected) => expected === '!'),
      withoutGeneratedCode: found.filter((one) => one.interpreted !== undefined && one.generated === undefined).length,
    }).toMatchInlineSnapshot(`
      {
        "failsInstead": 46,
        "refused": 816,
        "same": 1163,
        "withoutGeneratedCode": 15,
      }
    `);
    expect(new Set(bodies.map(({ body }) => body)).size).toBe(bodies.length);
  });
});
