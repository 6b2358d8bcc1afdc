import { describe, expect, it } from 'vitest';
import type { Expression } from '../../../dsl/ir/index.ts';
import { printDomain, printExpression, printSystem, printValue } from '../../../dsl/ir/print.ts';
import { boolean, literal, operation, sample, variable } from './sample.ts';

const int = { kind: 'int', min: 0, max: 9 } as const;
const span = { file: 0, start: 0, end: 0 };
const [a, b, c] = ['a', 'b', 'c'].map((name) => variable(name, int)) as [Expression, Expression, Expression];
const [p, q] = ['p', 'q'].map((name) => variable(name, boolean)) as [Expression, Expression];
const and = (left: Expression, right: Expression): Expression => ({ kind: 'and', left, right, type: boolean, span });
const or = (left: Expression, right: Expression): Expression => ({ kind: 'or', left, right, type: boolean, span });
const not = (operand: Expression): Expression => ({ kind: 'not', operand, type: boolean, span });

describe('a printed expression', () => {
  it.each<[string, Expression]>([
    ['s.a - (s.b - s.c)', operation('subtract', int, a, operation('subtract', int, b, c))],
    ['s.a - s.b - s.c', operation('subtract', int, operation('subtract', int, a, b), c)],
    ['(s.a + s.b) * s.c', operation('multiply', int, operation('add', int, a, b), c)],
    ['s.a + s.b * s.c', operation('add', int, a, operation('multiply', int, b, c))],
    ['Math.floor((s.a + s.b) / s.c)', operation('divide', int, operation('add', int, a, b), c)],
    ['-(s.a + s.b) < s.c', operation('less', boolean, operation('negate', int, operation('add', int, a, b)), c)],
    ['-s.a', operation('negate', int, a)],
    ['s.p && (s.q || s.p)', and(p, or(q, p))],
    ['(s.p && s.q) || s.p', or(and(p, q), p)],
    ['!(s.p && s.q)', not(and(p, q))],
    ['!s.p === s.q', operation('equal', boolean, not(p), q)],
    ['(s.p || s.q) === s.p', operation('equal', boolean, or(p, q), p)],
    [
      's.a === 3 ? s.b : s.c',
      {
        kind: 'conditional',
        condition: operation('equal', boolean, a, literal(3, int)),
        whenTrue: b,
        whenFalse: c,
        type: int,
        span,
      },
    ],
    [
      '(s.p ? s.a : s.b) + s.c',
      operation('add', int, { kind: 'conditional', condition: p, whenTrue: a, whenFalse: b, type: int, span }, c),
    ],
    ['r0', literal('r0', { kind: 'ids', name: 'Ring', values: ['r0'] })],
    ['"idle"', literal('idle', { kind: 'enum', values: ['idle'] })],
  ])('is %s', (text, expression) => expect(printExpression(expression)).toBe(text));
});

it('prints values and domains as TypeScript', () => {
  expect(printValue({ a: [1, true, null], 'b c': undefined })).toBe('{ a: [1, true, null], "b c": undefined }');
  expect(printDomain({ kind: 'union', members: [{ kind: 'null' }, boolean] })).toBe('z.boolean().nullable()');
  expect(printDomain({ kind: 'union', members: [boolean, int] })).toBe('z.union([z.boolean(), z.int().min(0).max(9)])');
});

it('prints every kind of declaration, statement, expression and formula', () => {
  expect(`\n${printSystem(sample)}`).toMatchInlineSnapshot(`
    "
    spec "sample of everything", model asWritten

    parameters {
      rings = 2
    }

    constants {
      order = [2, 1]
    }

    state {
      counts: z.record(Ring, z.int().min(0).max(3))
      waiting: z.set(Ring)
      lines: z.array(z.int().min(0).max(3)).min(0).max(2)
      owner: Ring.nullable()
      inbox: z.discriminatedUnion("type", [z.object({ type: z.enum(["ping"]) }), z.object({ type: z.enum(["data"]), value: z.int().min(0).max(3) })])
      pair: z.tuple([z.int().min(0).max(3), z.boolean()])
      clock: z.enum(["idle", "busy"])
      badge: z.object({ seen: z.int().min(0).max(3).optional() })
    }

    init {
      s.owner = null;
    }

    action serve(r: Ring) {
      when(!s.waiting.has(r));
      const before = s.counts[r] + 1;
      let total = 0;
      const other = pick(Ring);
      if (other === r) {
        verify(before < 1, "few");
      } else if (true) {
      } else {
        when(true);
      }
      search: {
        for (const [at, line] of s.lines.entries()) {
          total = (line + at) * 1;
          break search;
        }
        again: {
          while (true) { // at most 5 times
            break again;
          }
        }
      }
      either(
        () => {
          s.counts[r] = 1;
        },
        () => {
          s.inbox.value = true ? 1 : 0;
        },
      );
    }

    action clerk.tick() {
    }

    invariant invariant0: implies(true || (true && true), p.rings === 2)

    invariant invariant1: all(Ring, (a) => some(s.waiting, (b) => a === b))

    invariant invariant2: count(s.lines, (c) => true) <= s.lines.length

    invariant invariant3: s.lines.filter((d, i) => d > i) === [1, 1]

    invariant invariant4: s.lines.map((e) => e) === [...s.lines, ...[]]

    invariant invariant5: s.lines.find((f) => true) === undefined

    invariant invariant6: s.lines.findIndex((g) => true) === -1

    invariant invariant7: record(Ring, (h) => 1) === s.counts

    invariant invariant8: s.lines.reduce((sum, j, k) => Math.floor((sum - (j - 1)) / 1), 0) === Math.abs(-1)

    invariant invariant9: (() => { const m = 1; return Math.min(m, 1); })() === Math.trunc(1 / 1)

    invariant invariant10: { x: 1, "a b": true } === { x: 1, "a b": true }

    invariant invariant11: new Set([r0]).isSubsetOf(s.waiting.union(new Set([r1])))

    invariant invariant12: s.pair[1] === true

    invariant invariant13: s.lines.with(0, 1) === s.lines.slice(0, 1)

    invariant invariant14: s.inbox.value === 1

    invariant invariant15: [...s.waiting] === []

    step grows: s.owner === next.owner

    sometimes crowded: s.waiting.size >= 1

    property served under scheduler: all(Ring, (q) => leadsTo(enabled(serve(q)), and(taken(serve(_)), not(true))))

    property settles: some(Ring, (q) => until(eventually(always(true)), or(true, implies(true, true))))

    fairness scheduler {
      weak(clerk)
      strong(serve for each r when s.waiting.has(r))
    }

    terminal done: true

    within bounded: true

    expected {
      violates served
      unreachable crowded
      deadlocks
      12 distinct states
    }
    "
  `);
});
