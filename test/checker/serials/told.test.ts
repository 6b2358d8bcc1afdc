import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { simulate } from '../../../checker/simulate.ts';
import type { CheckResult, Trace } from '../../../checker/verdict/verdict.ts';
import { formatStep } from '../../../checker/plan/step-name.ts';
import { formatPlace } from '../../../dsl/ir/index.ts';
import { formatValue } from '../../../dsl/ir/value.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

const CLOCK = `
  const Term = serial('Term', { alive: 2 });
  export const clock = spec('clock', { state: () => ({ now: Term, seen: Term, on: z.boolean() }) });
  export const tick = clock.action((s) => { s.now = fresh(Term); });
  export const look = clock.action((s) => { when(s.seen < s.now); s.seen = s.now; s.on = !s.on; });
  export const forward = clock.step((s, next) => s.now <= next.now && s.seen <= next.seen);
  export const still = clock.step((s, next) => s.seen === next.seen);
  export const ticks = clock.property(() => always(eventually(taken(tick))));
  export const looks = clock.property((s) => always(eventually(s.seen === s.now)));
  export const fair = clock.fairness(weak(tick));
  export const model = clock.model({});
`;

/** Three threads draw tickets, of which two may be alive. */
const TICKETS = `
  const Thread = ids('Thread', 3);
  const Ticket = serial('Ticket', { alive: 2 });
  export const lock = spec('lock', { state: () => ({ ticket: z.record(Thread, z.nullable(Ticket)), served: z.int().min(0).max(2) }) });
  export const draw = lock.action({ t: Thread }, (s, { t }) => { when(s.ticket[t] === null && s.served > 0); s.ticket[t] = fresh(Ticket); });
  export const first_ = lock.action({ t: Thread }, (s, { t }) => { when(s.ticket[t] === null && s.served === 0); s.ticket[t] = fresh(Ticket); s.served = 1; });
  export const leave = lock.action({ t: Thread }, (s, { t }) => { when(s.ticket[t] !== null && s.served === 1); s.ticket[t] = null; s.served = 2; });
  export const model = lock.model({}, { fails: true });
`;

/** `tick: now 0 → 1`; of a loop also where it goes back to, and what has grown. */
function told({ steps, loop, grown }: Trace): string {
  const lines = steps.map((step) => {
    const changes = step.changes.map(
      ({ place, from, to }) => `${formatPlace(place)} ${formatValue(from)} → ${formatValue(to)}`,
    );
    return `${formatStep(step)}: ${changes.join(', ')}`;
  });
  return [...lines, ...(loop === undefined ? [] : [`back to ${loop}, grown: ${grown?.join() ?? 'nothing'}`])].join(
    '\n',
  );
}

function outcomeOf(result: CheckResult, name: string): string {
  const { outcome } = result.verdicts.find((one) => one.name === name)!;
  if (outcome.kind !== 'violated') return outcome.kind;
  return told(outcome.trace) + (outcome.failure === undefined ? '' : `\n${outcome.failure.message}`);
}

describe('what is told of values of which only the order counts', () => {
  const result = check(systemOf(CLOCK));

  it('is that they grow, step by step', () => {
    expect(outcomeOf(result, 'forward')).toBe('holds');
    expect(outcomeOf(result, 'still')).toBe('tick: now 0 → 1\nlook: seen 0 → 1, on false → true');
  });

  it('counts a step that changes integers alone as one, to fairness and `taken`', () => {
    expect(outcomeOf(result, 'ticks')).toBe('holds');
  });

  it('is a loop that comes back to what has grown, told once and from where it begins', () => {
    expect(outcomeOf(result, 'looks')).toBe('tick: now 0 → 1\ntick: now 1 → 2\nback to 1, grown: Term');
  });

  it('is the same of random runs, as far as they come', () => {
    const random = simulate(systemOf(CLOCK), { runs: 50, depth: 20, seed: 1, scheduler: 'uniform' });
    expect(outcomeOf(random, 'looks')).toBe('tick: now 0 → 1\ntick: now 1 → 2\nback to 1, grown: Term');
    expect(outcomeOf(random, 'ticks')).toBe('bounded');
  });

  it('is which step leaves more of them alive than were declared, with integers that only grow', () => {
    expect(outcomeOf(check(systemOf(TICKETS)), 'evaluation')).toMatchInlineSnapshot(`
      "first_(t0): ticket[t0] null → 1, served 0 → 1
      draw(t1): ticket[t1] null → 2
      verify failed: more than 2 values of Ticket would be alive at once"
    `);
  });
});

/** Two values that only a part of the state holds, after the variable that had them has gone on. */
function keeping(schema: string, put: string, kept: string): string {
  return `
    const Term = serial('Term', { alive: 3 });
    const Key = ids('Key', 2);
    const keys = [...Key];
    export const keeper = spec('keeper', {
      state: () => ({ x: Term, n: z.int().min(0).max(3), part: ${schema} }),
      deadlocks: 'ignored',
    });
    export const go = keeper.action((s) => {
      when(s.n < 3);
      s.x = fresh(Term);
      if (s.n < 2) { ${put} }
      s.n += 1;
    });
    export const apart = keeper.invariant((s) => {
      const kept = ${kept};
      return s.n < 3 || (kept.length === 2 && kept[0]! < kept[1]! && kept[1]! < s.x && first(Term) < kept[0]!);
    });
    export const end = keeper.sometimes((s) => s.n === 3);
    export const model = keeper.model({}, { distinct: 4 });
  `;
}

describe('values that only a part of the state holds are alive', () => {
  it.each([
    ['a sequence', 'z.array(Term).max(2)', 's.part.push(s.x);', 's.part'],
    ['a set', 'z.set(Term)', 's.part.add(s.x);', '[...s.part]'],
    [
      'objects in a set',
      'z.set(z.object({ a: z.boolean(), term: Term }))',
      's.part.add({ a: true, term: s.x });',
      '[...s.part].map((one) => one.term)',
    ],
    [
      'objects in a sequence, first of all',
      'z.array(z.object({ term: Term, a: z.boolean() })).max(2)',
      's.part.push({ term: s.x, a: true });',
      's.part.map((one) => one.term)',
    ],
    [
      'cases of a union',
      'z.array(z.discriminatedUnion("kind", [z.object({ kind: z.literal("no") }), z.object({ kind: z.literal("yes"), term: Term })])).max(2)',
      's.part.push({ kind: "yes", term: s.x });',
      's.part.map((one) => one.kind === "yes" ? one.term : first(Term))',
    ],
    ['a tuple', 'z.tuple([Term, Term])', 's.part[s.n] = s.x;', '[s.part[0], s.part[1]]'],
    [
      'a record',
      'z.record(Key, Term)',
      's.part[s.n === 0 ? keys[0] : keys[1]] = s.x;',
      '[s.part[keys[0]], s.part[keys[1]]]',
    ],
    [
      'what may be null',
      'z.object({ a: z.nullable(z.object({ term: z.nullable(Term) })), b: z.optional(Term) })',
      'if (s.n === 0) s.part.a = { term: s.x }; else s.part.b = s.x;',
      '[s.part.a === null ? first(Term) : s.part.a.term ?? first(Term), s.part.b ?? first(Term)]',
    ],
  ])('%s', (_, schema, put, kept) => {
    const result = check(systemOf(keeping(schema, put, kept)));
    expect(result.verdicts.filter(({ outcome }) => outcome.kind === 'violated').map(({ name }) => name)).toEqual([]);
    expect(result.asExpected).toBe(true);
  });
});
