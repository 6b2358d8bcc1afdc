import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { CheckResult } from '../../../checker/verdict/verdict.ts';
import { textOf } from '../../../dsl/diagnostics/span.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { Random } from '../../support/random-system/random.ts';

/** Two threads that count to 2 and set a flag; `gone` is never set, and of what is declared for nobody there is nothing. */
function counting(claims: string, parameters = ''): string {
  return `
    const Reader = ids('Reader', (p) => p.readers);
    const c = spec('counting', {
      params: { late: z.boolean().default(false), readers: z.int().min(0).max(2).default(0) },
      state: () => ({ n: z.int().min(0).max(5), on: z.boolean(), gone: z.boolean(), queue: z.array(ids('T', 2)).max(2),
        reads: z.record(Reader, z.boolean()) }),
      fairness: 'none',
    });
    const T = ids('T', 2);
    const up = c.action({ t: T }, (s, { t }) => { when(s.n < 2 && t === 't0'); s.n += 1; });
    const flip = c.action((s) => { s.on = !s.on; });
    const reset = c.action((s) => { s.n = 0; });
    const stop = c.action((s) => { when(s.n > 4); s.gone = true; });
    ${claims}
    const one = c.model({ ${parameters} });`;
}

function verdictsOf(claims: string, parameters?: string): { readonly result: CheckResult; readonly of: typeof textOf } {
  const system = systemOf(counting(claims, parameters));
  return { result: check(system, { deadlock: false }), of: (_, span) => textOf(system.files, span) };
}

/** `kind: source` for a claim that holds vacuously, otherwise what came of it. */
function standing(claim: string, parameters?: string): string {
  const { result, of } = verdictsOf(`const claim = ${claim};`, parameters);
  const { outcome, vacuous } = result.verdicts.find(({ name }) => name === 'claim')!;
  return vacuous === undefined ? outcome.kind : `${vacuous.kind}: ${of([], vacuous.span)}`;
}

describe('a property that holds because nothing happens', () => {
  it.each([
    ['c.invariant((s) => implies(s.gone, s.on))', 'antecedent: s.gone'],
    ['c.invariant((s) => !s.gone || s.on)', 'antecedent: s.gone'],
    ['c.invariant((s) => s.on || !s.gone)', 'antecedent: s.gone'],
    ['c.invariant((s) => !(s.gone && s.on))', 'antecedent: s.gone'],
    ['c.invariant((s) => implies(s.n > 0, implies(s.n > 2, s.on)))', 'antecedent: s.n > 2'],
    ['c.invariant((s) => all(T, (t) => implies(s.queue.includes(t), s.on)))', 'antecedent: s.queue.includes(t)'],
    ['c.invariant((s) => s.queue.every((t) => t === "t0"))', 'elements: s.queue'],
    ['c.step((s, next) => implies(next.n > s.n + 1, s.on))', 'antecedent: next.n > s.n + 1'],
    ['c.step((s, next) => implies(s.gone && !next.gone, s.on))', 'antecedent: s.gone && !next.gone'],
    ['c.property((s) => leadsTo(s.gone, s.on))', 'antecedent: s.gone'],
    ['c.property((s) => all(T, (t) => leadsTo(s.queue.includes(t), s.on)))', 'antecedent: s.queue.includes(t)'],
    ['c.property(() => leadsTo(taken(stop), taken(flip)))', 'antecedent: taken(stop)'],
    ['c.property((s) => always(implies(s.gone, s.on)))', 'antecedent: s.gone'],
    ['c.invariant((s, p) => implies(p.late, s.on))', 'antecedent: implies(p.late, s.on)'],
    ['c.invariant((s, p) => (p.late ? s.on : true))', 'constant: true'],
    ['c.invariant((s) => s.n <= 5)', 'constant: s.n <= 5'],
  ])('is told as vacuous: %s', (claim, expected) => expect(standing(claim)).toBe(expected));

  it.each([
    ['property', 'c.property((s, p) => all(Reader, (r) => leadsTo(s.reads[r], s.on)))', 0],
    ['invariant', 'c.invariant((s, p) => all(Reader, (r) => s.reads[r]))', 0],
    ['step property', 'c.step((s, next, p) => all(Reader, (r) => next.reads[r]))', 0],
  ])('is told so where there is nobody that it is about: a %s', (_, claim) => {
    expect(standing(claim)).toMatch(/^elements: /);
    expect(standing(claim, 'readers: 1')).not.toMatch(/^elements: /);
  });

  it.each([
    ['c.invariant((s) => implies(s.n === 2, s.n > 1 || s.on))', 'constant: implies(s.n === 2, s.n > 1 || s.on)'],
    ['c.invariant((s) => implies(s.on, s.n < 3))', 'holds'],
    ['c.invariant((s) => s.n < 3)', 'holds'],
    ['c.invariant((s) => !s.gone)', 'holds'],
    ['c.invariant((s) => !(s.on && s.gone))', 'holds'],
    ['c.invariant((s) => implies(s.gone, s.on) && s.n < 3)', 'holds'],
    ['c.invariant((s) => all(T, (t) => implies(t === "t0", s.n < 3)))', 'holds'],
    ['c.step((s, next) => implies(next.n > s.n, next.n === s.n + 1))', 'holds'],
    ['c.property((s) => always(!s.gone))', 'holds'],
    ['c.property(() => always(not(taken(stop))))', 'holds'],
    ['c.property((s) => leadsTo(s.n === 2, s.n === 2))', 'holds'],
    ['c.invariant((s) => implies(s.on, s.n < 2))', 'violated'],
    ['c.invariant((s, p) => implies(!p.late, s.n < 3))', 'holds'],
  ])('is not told so of one that says something: %s', (claim, expected) => expect(standing(claim)).toBe(expected));
});

/** Claims and what is left of them when nothing that they conclude is true: that one holds too where a claim is vacuous. */
class Claims extends Random {
  condition(thread: string | undefined, ofStep: boolean): string {
    const atoms = ['s.n > 2', 's.n === 1', 's.on', 's.gone', 's.n < 2', 's.queue.length > 0', 's.gone || s.n > 3'];
    if (ofStep) atoms.push('next.n > s.n', 'next.n > s.n + 1', 'next.on && !s.on', 'next.gone');
    if (thread !== undefined) atoms.push(`s.queue.includes(${thread})`, `${thread} === 't0'`);
    return this.pick(atoms);
  }

  /** @param conclusion - what stands for a conclusion: itself, or what is false. */
  claim(depth: number, thread: string | undefined, ofStep: boolean): { readonly full: string; readonly empty: string } {
    const cond = (): string => this.condition(thread, ofStep);
    const NOTHING = 's.n > 4';
    const right = () => {
      if (depth > 0 && this.chance(0.4)) return this.claim(depth - 1, thread, ofStep);
      return { full: `(${this.condition(thread, ofStep)})`, empty: NOTHING };
    };
    const left = cond();
    switch (this.pick(['implies', 'or', 'late', 'notAnd', 'every', 'all', 'and', 'choice'] as const)) {
      case 'implies': {
        const { full, empty } = right();
        return { full: `implies(${left}, ${full})`, empty: `implies(${left}, ${empty})` };
      }
      case 'or': {
        const { full, empty } = right();
        return { full: `(!(${left}) || ${full})`, empty: `(!(${left}) || ${empty})` };
      }
      case 'late': {
        const { full, empty } = right();
        return { full: `(${full} || !(${left}))`, empty: `(${empty} || !(${left}))` };
      }
      case 'notAnd':
        return { full: `!((${left}) && (${cond()}))`, empty: `!(${left})` };
      case 'every':
        return { full: `s.queue.every((q) => q === 't0' && ${cond()})`, empty: `s.queue.every(() => ${NOTHING})` };
      case 'all': {
        if (thread !== undefined) return this.claim(depth, thread, ofStep);
        const { full, empty } = this.claim(depth, 't', ofStep);
        return { full: `all(T, (t) => ${full})`, empty: `all(T, (t) => ${empty})` };
      }
      case 'and': {
        const [one, other] = [this.claim(depth - 1, thread, ofStep), this.claim(depth - 1, thread, ofStep)];
        return { full: `(${one.full} && ${other.full})`, empty: `(${one.empty} && ${other.empty})` };
      }
      case 'choice': {
        const [one, other] = [this.claim(depth - 1, thread, ofStep), this.claim(depth - 1, thread, ofStep)];
        return { full: `(${left} ? ${one.full} : ${other.full})`, empty: `(${left} ? ${one.empty} : ${other.empty})` };
      }
    }
  }
}

it('is vacuous exactly when it still holds with everything false that it concludes: on 400 random claims', () => {
  const found = { vacuous: 0, holds: 0 };
  for (let seed = 0; seed < 10; seed += 1) {
    const claims = new Claims(seed);
    const made = Array.from({ length: 40 }, (_, index) => {
      const ofStep = index % 3 === 1;
      const { full, empty } = claims.claim(2, undefined, ofStep);
      const declare = (name: string, body: string): string => {
        if (ofStep) return `const ${name} = c.step((s, next) => ${body});`;
        return index % 3 === 2
          ? `const ${name} = c.property((s) => always(${body}));`
          : `const ${name} = c.invariant((s) => ${body});`;
      };
      return { full, text: `${declare(`full${index}`, full)}\n${declare(`empty${index}`, empty)}` };
    });
    const { result } = verdictsOf(made.map(({ text }) => text).join('\n'));
    const verdictOf = (name: string) => result.verdicts.find((one) => one.name === name)!;
    made.forEach(({ full }, index) => {
      const { outcome, vacuous } = verdictOf(`full${index}`);
      if (outcome.kind !== 'holds') return expect(vacuous).toBeUndefined();
      if (vacuous?.kind === 'constant') return; // whatever it concludes
      const holdsEmpty = verdictOf(`empty${index}`).outcome.kind === 'holds';
      expect({ seed, full, isVacuous: vacuous !== undefined }).toEqual({ seed, full, isVacuous: holdsEmpty });
      found[holdsEmpty ? 'vacuous' : 'holds'] += 1;
    });
  }
  expect(found.vacuous).toBeGreaterThan(50);
  expect(found.holds).toBeGreaterThan(20);
});
