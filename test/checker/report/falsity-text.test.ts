import { Ansis } from 'ansis';
import fastStringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { Trace } from '../../../checker/counterexample/behavior.ts';
import { falsityLines } from '../../../checker/report/falsity-text.ts';
import { textOf } from '../../../dsl/diagnostics/span.ts';
import { formatValue, formatPlace } from '../../../dsl/ir/index.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

const HEAD = `
const Ring = ids('Ring', 2);
const demo = spec('demo', { state: () => ({
  held: z.record(Ring, z.boolean()), owner: z.record(Ring, z.nullable(Ring)), n: z.int().min(0).max(3),
  queue: z.array(z.object({ who: Ring, ok: z.boolean() })).max(3), asleep: z.set(Ring),
}) });
export const take = demo.action({ r: Ring, o: Ring }, (s, { r, o }) => {
  when(s.n < 2);
  s.held[r] = true; s.owner[r] = o; s.n += 1; s.queue.push({ who: r, ok: r === o }); s.asleep.add(o);
});
`;

function violated(system: System): Trace {
  const found = check(system, { deadlock: false }).verdicts.find(({ outcome }) => outcome.kind === 'violated');
  if (found?.outcome.kind !== 'violated') throw new Error('nothing is violated');
  return found.outcome.trace;
}

function rendered(source: string, width = 100): string {
  const system = systemOf(source);
  const lines = falsityLines(violated(system), system.files, { color: false, width }, new Ansis(0));
  return lines.join('\n').replaceAll(/--> .*\//g, '--> ');
}

/** `source is false for r = r0 (held[r0]: true)`, part by part. */
function partsOf(source: string): readonly string[] {
  const system = systemOf(source);
  const { falsity, states } = violated(system);
  return falsity!.parts.map(({ span, isTrue, bound, reads, sides }) => {
    const text = textOf(system.files, span);
    const at = bound.map(({ name, value }) => ` ${name}=${formatValue(value)}`).join('');
    const values = [
      ...reads.map(
        ({ place, value, isNext }) => `${isNext === true ? 'next ' : ''}${formatPlace(place)}: ${formatValue(value)}`,
      ),
      ...sides.map(({ span: side, value, counted }) => {
        const elements = counted === undefined ? '' : ` of ${counted.map((one) => formatValue(one)).join(' ')}`;
        return `${textOf(system.files, side)}: ${formatValue(value)}${elements}`;
      }),
    ];
    expect(states.length).toBeGreaterThan(0);
    return `${text} is ${isTrue}${at === '' ? '' : ` for${at}`} (${values.join(', ')})`;
  });
}

describe('the parts of a false predicate', () => {
  it.each<[string, readonly string[]]>([
    [
      '(s) => all(Ring, (r) => !s.held[r] || s.owner[r] === r) && s.n >= 0',
      ['!s.held[r] is false for r=r0 (held[r0]: true)', 's.owner[r] === r is false for r=r0 (owner[r0]: r1)'],
    ],
    ['(s) => s.n >= 0 && s.n < 2', ['s.n < 2 is false (n: 2)']],
    ['(s) => !(s.n > 0 && s.held.r0)', ['s.n > 0 is true (n: 1)', 's.held.r0 is true (held[r0]: true)']],
    ["(s) => !(s.n > 1 || s.asleep.has('r1'))", ["s.asleep.has('r1') is true (asleep: {r1})"]],
    ['(s) => implies(s.n > 0, s.n > 1)', ['s.n > 0 is true (n: 1)', 's.n > 1 is false (n: 1)']],
    ['(s) => s.n === 0 ? true : s.n > 1', ['s.n === 0 is false (n: 1)', 's.n > 1 is false (n: 1)']],
    [
      '(s) => s.queue.every((m, i) => m.ok || i === 1)',
      [
        'm.ok is false for m={ who: r0, ok: false } i=0 (queue[0].ok: false)',
        'i === 1 is false for m={ who: r0, ok: false } i=0 ()',
      ],
    ],
    [
      '(s) => !s.queue.some((m) => all(Ring, (r) => m.who === r || s.owner[r] === null) && !m.ok)',
      [
        'all(Ring, (r) => m.who === r || s.owner[r] === null) is true for m={ who: r0, ok: false } (queue[0].who: r0, owner[r1]: null)',
        '!m.ok is true for m={ who: r0, ok: false } (queue[0].ok: false)',
      ],
    ],
    [
      '(s) => all(Ring, (r) => some(Ring, (o) => s.owner[r] !== o && !s.held[o]))',
      ['some(Ring, (o) => s.owner[r] !== o && !s.held[o]) is false for r=r0 (owner[r0]: r1, held[r0]: true)'],
    ],
    [
      '(s) => s.queue.filter((m) => m.ok).length < 1',
      [
        's.queue.filter((m) => m.ok).length < 1 is false (queue: [{ who: r0, ok: true }], s.queue.filter((m) => m.ok).length: 1 of { who: r0, ok: true })',
      ],
    ],
    [
      '(s) => count(Ring, (r) => s.held[r]) < 2',
      [
        'count(Ring, (r) => s.held[r]) < 2 is false (held[r0]: true, held[r1]: true, count(Ring, (r) => s.held[r]): 2 of r0 r1)',
      ],
    ],
  ])('of %s', (predicate, expected) => {
    expect(partsOf(`${HEAD}export const wrong = demo.invariant(${predicate});`)).toEqual(expected);
  });

  it('are those in a function that is called, with the ways that it took', () => {
    const helper = `
      function isFree(s, r) {
        if (s.n === 0) return true;
        const owner = s.owner[r];
        return owner === null || owner === r;
      }
      export const wrong = demo.invariant((s) => all(Ring, (r) => isFree(s, r)));`;
    expect(partsOf(HEAD + helper)).toEqual([
      's.n === 0 is false for r=r0 (n: 1)',
      'owner === null is false for r=r0 (owner[r0]: r1)',
      'owner === r is false for r=r0 (owner[r0]: r1)',
    ]);
  });

  it('are those of the rounds of a loop over a range', () => {
    const helper = `
      function isOrdered(s) {
        for (let i = 0; i < 2; i += 1) if (s.n > i && s.n < 2) return false;
        return true;
      }
      export const wrong = demo.invariant((s) => isOrdered(s));`;
    expect(partsOf(HEAD + helper)).toEqual(['s.n > i is true for i=0 (n: 1)', 's.n < 2 is true for i=0 (n: 1)']);
  });

  it('are the whole where a loop depends on the state', () => {
    const helper = `
      function isShort(s) {
        let length = 0;
        for (const m of s.queue) length += m.ok ? 1 : 2;
        return length < 2;
      }
      export const wrong = demo.invariant((s) => s.n < 3 && isShort(s));`;
    const [part, ...others] = partsOf(HEAD + helper);
    expect(others).toEqual([]);
    expect(part).toMatch(/is false \(queue: \[\{ who: r0, ok: false \}\]\)$/);
  });

  it('are about both states of a step', () => {
    const step = 'export const wrong = demo.step((s, next) => next.n === s.n || next.owner.r0 === null && s.n < 3);';
    expect(partsOf(HEAD + step)).toEqual([
      'next.n === s.n is false (next n: 1, n: 0)',
      'next.owner.r0 === null is false (next owner[r0]: r0)',
    ]);
  });

  it('are about where threads stand and what they remember', () => {
    const process = `
      export const worker = demo.process({ r: Ring }, function* (s, { r }) {
        while (true) { yield 'look'; const seen = s.n; yield 'work'; s.held[r] = seen > 0; }
      });
      export const wrong = demo.invariant((s) =>
        all(Ring, (r) => !(worker.at({ r }, 'work') && worker.local({ r }, 'seen') === 1)));`;
    expect(partsOf(HEAD + process)).toEqual([
      "worker.at({ r }, 'work') is true for r=r0 (worker.pc[r0]: work)",
      "worker.local({ r }, 'seen') === 1 is true for r=r0 (worker.pc[r0]: work, worker.seen[r0]: 1, worker.local({ r }, 'seen'): 1)",
    ]);
  });

  it('are those of a `verify` that fails, in the middle of the step', () => {
    const action = `export const wrong = demo.action({ r: Ring }, (s, { r }) => {
      const before = s.n; s.n = 3; verify(s.n < 3 && before >= 0, 'too many'); });`;
    expect(partsOf(HEAD + action)).toEqual(['s.n < 3 is false (n: 3)']);
  });
});

describe('a false predicate in the terminal', () => {
  const exclusive =
    'export const wrong = demo.invariant((s) => all(Ring, (r) => !s.held[r] || s.owner[r] === r) && s.n >= 0);';

  it('is underlined where it is false, below the step that broke it', () => {
    expect(`\n${rendered(HEAD + exclusive, 160)}`).toMatchInlineSnapshot(`
      "

           Broken by step 1, take(r0, r1), which changed held[r0] false → true and owner[r0] null → r1.
           ✗ for r = r0:
             --> spec.ts:12:61
              |
           12 | export const wrong = demo.invariant((s) => all(Ring, (r) => !s.held[r] || s.owner[r] === r) && s.n >= 0);
              |                                                             ^^^^^^^^^^    ^^^^^^^^^^^^^^^^ is false (owner[r0]: r1)
              |                                                             |
              |                                                             is false (held[r0]: true)"
    `);
  });

  it.each([60, 80, 100])('has no line that is wider than %i cells', (width) => {
    const texts = [
      exclusive,
      `export const wrong = demo.invariant((s) => ${' '.repeat(120)} s.n > 9 || s.queue.filter((m) => m.ok).length > 3);`,
      "export const wrong = demo.invariant((s) => '日本語日本語日本語日本語日本語日本語日本語' === 'x' || (s.n < 1));",
      '\texport const wrong = demo.invariant((s) =>\t!(s.n === 1 &&\ts.held.r0));',
    ];
    for (const text of texts) {
      const lines = rendered(HEAD + text, width).split('\n');
      expect(lines.filter((line) => width < fastStringWidth(line) && !line.includes('-->'))).toEqual([]);
    }
  });

  it('has its marks under wide characters and tabs', () => {
    const wide = "export const wrong = demo.invariant((s) => '日本' === 'x' || (s.n < 1));";
    const tabs = 'export const wrong = demo.invariant((s) =>\t!(s.n === 1 &&\ts.held.r0));';
    expect(`\n${rendered(HEAD + wide)}`).toMatchInlineSnapshot(`
      "

           Broken by step 1, take(r0, r0), which changed n 0 → 1.
             --> spec.ts:12:61
              |
           12 | export const wrong = demo.invariant((s) => '日本' === 'x' || (s.n < 1));
              |                                                               ^^^^^^^ is false (n: 1)"
    `);
    expect(`\n${rendered(HEAD + tabs)}`).toMatchInlineSnapshot(`
      "

           Broken by step 1, take(r0, r0), which changed held[r0] false → true and n 0 → 1.
             --> spec.ts:12:46
              |
           12 | export const wrong = demo.invariant((s) =>  !(s.n === 1 &&  s.held.r0));
              |                                               ^^^^^^^^^ is true (n: 1)
             --> spec.ts:12:59
              |
           12 | export const wrong = demo.invariant((s) =>  !(s.n === 1 &&  s.held.r0));
              |                                                             ^^^^^^^^^ is true
             held[r0]: true"
    `);
  });
});
