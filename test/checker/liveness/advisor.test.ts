import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { cheapestHittingSet } from '../../../checker/liveness/hitting-set.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import type { FairnessSet, Formula } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import * as ir from '../../support/ir.ts';

/** A kettle: the stove is turned on and off, and while it is on the water may boil. */
const STATE = ir.enumDomain('off', 'on', 'boiled');
const is = (value: string) => ir.equal(ir.variable('kettle', STATE), ir.literal(value));
const goTo = (value: string) => ir.assign(ir.variablePlace('kettle', STATE), ir.literal(value));
const boils: Formula = {
  kind: 'eventually',
  operand: { kind: 'now', predicate: is('boiled'), span: NO_SPAN },
  span: NO_SPAN,
};

function advice(formula: Formula, ...assumptions: readonly ['weak' | 'strong', string][]): string {
  const fairness: FairnessSet = {
    name: 'f',
    doc: '',
    span: NO_SPAN,
    assumptions: assumptions.map(([strength, name]) => ({
      strength,
      groups: [{ name, actions: [name], per: [] }],
      span: NO_SPAN,
    })),
  };
  const kettle = ir.system(
    { kettle: STATE },
    {
      actions: [
        ir.action('turnOn', {}, ir.when(is('off')), goTo('on')),
        ir.action('turnOff', {}, ir.when(is('on')), goTo('off')),
        ir.action('boil', {}, ir.when(is('on')), goTo('boiled')),
      ],
    },
  );
  const property = { name: 'boils', doc: '', span: NO_SPAN, formula };
  const [answer] = check({ ...kettle, properties: [property], fairness: [fairness] }, { advise: true }).advice!;
  return [answer!.kind, ...answer!.assumptions.map(({ strength, name }) => `${strength}(${name})`)].join(' ');
}

describe('advice about a property', () => {
  it('that does not hold is the fewest assumptions under which it would', () => {
    expect(advice(boils)).toBe('add weak(turnOn) strong(boil)');
    expect(advice(boils, ['weak', 'turnOn'])).toBe('add strong(boil)');
    expect(advice(boils, ['strong', 'boil'])).toBe('add weak(turnOn)');
  });

  it('that holds is the assumptions that it needs', () => {
    expect(advice(boils, ['weak', 'turnOff'], ['weak', 'turnOn'], ['strong', 'boil'])).toBe(
      'needs weak(turnOn) strong(boil)',
    );
    const safe: Formula = {
      kind: 'always',
      operand: { kind: 'now', predicate: ir.literal(true), span: NO_SPAN },
      span: NO_SPAN,
    };
    expect(advice(safe, ['weak', 'turnOn'])).toBe('needs');
  });

  it('asks for no more than weak fairness where that is enough', () => {
    expect(advice(boils, ['strong', 'turnOn'], ['strong', 'boil'])).toBe('needs weak(turnOn) strong(boil)');
    expect(advice(boils, ['strong', 'turnOn'], ['strong', 'turnOff'], ['strong', 'boil'])).toBe(
      'needs weak(turnOn) strong(boil)',
    );
  });

  it('that no fairness helps says so', () => {
    const coldForever: Formula = { kind: 'not', operand: boils, span: NO_SPAN };
    expect(advice({ kind: 'always', operand: coldForever, span: NO_SPAN })).toBe('none');
    const again: Formula = {
      kind: 'always',
      operand: { kind: 'eventually', operand: { kind: 'now', predicate: is('off'), span: NO_SPAN }, span: NO_SPAN },
      span: NO_SPAN,
    };
    expect(advice(again)).toBe('none');
  });

  it('is not given on part of the space, or unasked', () => {
    const small = ir.system({ kettle: STATE }, { actions: [ir.action('turnOn', {}, ir.when(is('off')), goTo('on'))] });
    const property = { name: 'boils', doc: '', span: NO_SPAN, formula: boils };
    expect(check({ ...small, properties: [property] }).advice).toBeUndefined();
    expect(check({ ...small, properties: [property] }, { advise: true, maxStates: 1 }).advice).toBeUndefined();
    expect(check({ ...small, properties: [property] }, { advise: true }).advice).toHaveLength(1);
  });
});

describe('advice about a step that is taken, but never when it counts', () => {
  /** A reader tries a gate, which is open again and again; a failed attempt is a step, too. */
  const gate = systemOf(`
    const gate = spec('gate', { state: () => ({ open: z.boolean(), tried: z.boolean(), inside: z.boolean() }) });
    const swing = gate.action((s) => { s.open = !s.open; });
    const reader = gate.process(function* (s) {
      while (!s.inside) {
        yield 'try';
        if (s.open) s.inside = true;
        else s.tried = !s.tried;
      }
    });
    const everything = gate.fairness(strong(swing, reader));
    const entered = gate.property((s) => eventually(s.inside));
    const one = gate.model({});`);

  const adviceUnder = (fairness: readonly string[]): readonly unknown[] =>
    check(gate, { advise: true, deadlock: false, fairness }).advice!;

  it('is strong fairness of the step where the condition that it tests holds', () => {
    expect(adviceUnder(['everything'])).toEqual([
      {
        property: 'entered',
        kind: 'add',
        assumptions: [{ strength: 'strong', name: 'reader.try', when: 's.open' }],
      },
    ]);
  });

  it('names what keeps the others going as well', () => {
    expect(adviceUnder([])).toMatchObject([
      { kind: 'add', assumptions: [{ name: 'swing' }, { name: 'reader.try', when: 's.open' }] },
    ]);
  });
});

it('names the step of a process that starves, where fairness of that step is enough', () => {
  const system = systemOf(`
    const race = spec('race', { state: () => ({ lock: z.boolean(), got: z.boolean() }) });
    const other = race.process(function* (s) {
      while (true) { yield 'take'; when(!s.lock); s.lock = true; yield 'give'; s.lock = false; }
    });
    const me = race.process(function* (s) {
      yield 'ask';
      yield 'take';
      when(!s.lock);
      s.got = true;
    });
    const running = race.fairness(weak(other, me));
    const served = race.property((s) => eventually(s.got));
    const one = race.model({});`);
  const [advice] = check(system, { advise: true, deadlock: false }).advice!;
  expect(advice).toMatchObject({ kind: 'add', assumptions: [{ strength: 'strong', name: 'me.take' }] });
});

it('chooses as cheap a hitting set as trying all of them does', () => {
  const item = fc.nat(5);
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(item, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 6, maxLength: 6 }),
      (sets, costs) => {
        const costOf = (chosen: readonly number[]): number => chosen.reduce((sum, one) => sum + costs[one]!, 0);
        const hits = (chosen: readonly number[]): boolean =>
          sets.every((set) => set.some((one) => chosen.includes(one)));
        const all = Array.from({ length: 64 }, (_, bits) => [0, 1, 2, 3, 4, 5].filter((one) => (bits >> one) & 1));
        const found = cheapestHittingSet(costs, sets)!;
        expect(hits(found)).toBe(true);
        expect(costOf(found)).toBe(Math.min(...all.filter(hits).map(costOf)));
      },
    ),
  );
});
