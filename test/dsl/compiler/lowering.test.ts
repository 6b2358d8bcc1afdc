import { describe, expect, it } from 'vitest';
import { bodyOf } from './compiled.ts';

const SMALL = 'n: z.int().min(0).max(3), m: z.int().min(0).max(3)';
const ROWS = `${SMALL}, rows: z.array(z.object({ x: z.int().min(0).max(3) })).length(2)`;

describe('a step', () => {
  it('keeps what it reads before it changes it', () => {
    expect(bodyOf(SMALL, 'const before = s.n; s.n = s.m; s.m = before;')).toMatchInlineSnapshot(`
      "const before = s.n;
      s.n = s.m;
      s.m = before;"
    `);
  });

  it('works operands out from left to right', () => {
    const before = 'const bump = (s: { n: number }) => (s.n = 1);';
    expect(bodyOf(SMALL, 's.m = s.n + bump(s);', before)).toMatchInlineSnapshot(`
      "const kept = s.n;
      s.n = 1;
      s.m = kept + 1;"
    `);
  });

  it('refers to objects by their places, with indices as they were', () => {
    expect(bodyOf(ROWS, 'const row = s.rows[s.n]; s.n = 0; row.x = 1;')).toMatchInlineSnapshot(`
      "const index = s.n;
      s.n = 0;
      s.rows[index].x = 1;"
    `);
  });

  it('has one of two objects where a parameter or constant chooses', () => {
    const statements = 'const row = second ? s.rows[1] : s.rows[0]; row.x = 1; (second ? s.rows[0] : s.rows[1]).x = 2;';
    expect(bodyOf(ROWS, statements, 'const second = true as boolean;')).toMatchInlineSnapshot(`
      "s.rows[1].x = 1;
      s.rows[0].x = 2;"
    `);
  });

  it('goes on with the old object when another takes its place', () => {
    expect(bodyOf(ROWS, 'const row = s.rows[0]; s.rows[0] = { x: 1 }; row.x = 2; s.n = row.x;')).toMatchInlineSnapshot(`
      "let row = s.rows[0];
      s.rows[0] = { x: 1 };
      row.x = 2;
      s.n = row.x;"
    `);
  });

  it('swaps', () => {
    expect(bodyOf(SMALL, '[s.n, s.m] = [s.m, s.n];')).toMatchInlineSnapshot(`
      "const part = s.m;
      const part_2 = s.n;
      s.n = part;
      s.m = part_2;"
    `);
  });

  it('counts over the numbers that a loop can reach', () => {
    expect(bodyOf(SMALL, 'for (let i = 0; i < s.n; i++) s.m = i;')).toMatchInlineSnapshot(`
      "break: {
        for (const i of z.int().min(0).max(2)) {
          if (!(i < s.n)) {
            break break;
          }
          s.m = i;
        }
      }"
    `);
  });

  it('leaves loops by their blocks', () => {
    const statements = 'for (const x of [1, 2, 3]) { if (x === s.n) continue; if (x === s.m) break; s.n = x; }';
    expect(bodyOf(SMALL, statements)).toMatchInlineSnapshot(`
      "break: {
        for (const x of [1, 2, 3]) {
          continue: {
            if (x === s.n) {
              break continue;
            }
            if (x === s.m) {
              break break;
            }
            s.n = x;
          }
        }
      }"
    `);
  });

  it('expands functions where they are called, and returns as branches', () => {
    const before = `function clamp(n: number) {
      if (n > 3) return 3;
      return n;
    }`;
    expect(bodyOf(SMALL, 's.n = clamp(s.n + 1);', before)).toMatchInlineSnapshot(`
      "const n_2 = s.n + 1;
      s.n = n_2 > 3 ? 3 : n_2;"
    `);
  });

  it('runs the right side of && only where it counts', () => {
    const before = 'const bump = (s: { n: number }) => (s.n = 1) > 0;';
    expect(bodyOf(SMALL, 'if (s.m > 0 && bump(s)) s.m = 0;', before)).toMatchInlineSnapshot(`
      "let result = false;
      if (s.m > 0) {
        s.n = 1;
        result = 1 > 0;
      } else {
        result = false;
      }
      if (result) {
        s.m = 0;
      }"
    `);
  });

  it('falls through the clauses of a switch', () => {
    const statements = 'switch (s.n) { case 0: s.m = 1; case 1: s.n = 2; break; default: s.n = 0; }';
    expect(bodyOf(SMALL, statements)).toMatchInlineSnapshot(`
      "const subject = s.n;
      if (subject === 0) {
        s.m = 1;
        s.n = 2;
      } else if (subject === 1) {
        s.n = 2;
      } else {
        s.n = 0;
      }"
    `);
  });

  it('chooses', () => {
    const statements = 'const to = pick(Node); either(() => { s.owner = to; }, () => { when(s.owner !== to); });';
    expect(bodyOf('owner: Node.nullable()', statements)).toMatchInlineSnapshot(`
      "const to = pick(Node);
      either(
        () => {
          s.owner = to;
        },
        () => {
          when(s.owner !== to);
        },
      );"
    `);
  });

  it('finds the domain of a local that grows', () => {
    expect(bodyOf(SMALL, 'let total = 0; for (const x of [1, 2]) total += x; s.n = total % 4;')).toMatchInlineSnapshot(`
      "let total = 0;
      for (const x of [1, 2]) {
        total = total + x;
      }
      s.n = total % 4;"
    `);
  });

  it('puts in the optional fields that a literal leaves out', () => {
    const state = 'note: z.object({ who: Node.optional(), n: z.int().min(0).max(1) })';
    expect(bodyOf(state, 's.note = { n: 1 };')).toMatchInlineSnapshot(`"s.note = { n: 1, who: undefined };"`);
  });
});
