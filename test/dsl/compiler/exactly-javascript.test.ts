import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { plainSteps } from '../../support/plain-step.ts';

/*
 * Bodies that change objects under several names: each means what it means to JavaScript on plain objects, which nothing
 * copies, or it is refused. Which of the two is written before it in `exactly-javascript.txt`: `=`, or the code of the
 * refusal; lines with `#` say what the next ones are about.
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
const EMPTY = { x: 0, y: 0 };
function same(one: any) { return one; }
function setX(one: any, x: number) { one.x = x; }
function wrap(one: any) { return { of: one }; }
`;

const DECLARED = `{
  state: () => ({
    a: Point, b: Point, c: Point, n: Int, m: Int, flag: z.boolean(),
    q: z.array(Point).max(4), r: z.array(Point).max(4), list: z.array(Int).max(6), set: z.set(Digits),
    rec: z.record(Key, Point), maybe: Point.nullable(), t: z.tuple([Point, Int]),
    nest: z.object({ in: Point, deep: z.object({ p: Point, q: z.array(Point).max(3) }) }),
  }),
  init: (s) => {
    [s.a, s.b, s.c] = [{ x: 1, y: 2 }, { x: 3, y: 4 }, { x: 5, y: 6 }];
    s.q = [{ x: 10, y: 0 }, { x: 11, y: 1 }, { x: 12, y: 2 }];
    s.list = [5, 3, 9, 3];
    s.rec = { k: { x: 20, y: 21 }, l: { x: 22, y: 23 } };
    s.nest = { in: { x: 30, y: 33 }, deep: { p: { x: 31, y: 34 }, q: [{ x: 32, y: 0 }] } };
    s.maybe = { x: 40, y: 41 };
    s.t = [{ x: 50, y: 51 }, 7];
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
    expect(one.refused?.slice(0, 5) ?? '=').toBe(expected);
    expect(one.compiled).toBe(one.plain);
  });

  it('is more often understood than refused', () => {
    const understood = bodies.filter(({ expected }) => expected === '=').length;
    expect(understood).toBeGreaterThan(bodies.length / 3);
  });
});
