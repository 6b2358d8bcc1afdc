import { expect, it } from 'vitest';
import type { Domain, Expression, Statement, Value } from '../../../dsl/ir/index.ts';
import { formatValue, setOf } from '../../../dsl/ir/index.ts';
import { compileEngine } from '../../../checker/engine/javascript/engine.ts';
import { lowered } from '../../../checker/engine/lowered.ts';
import { evaluateIn, interpret } from '../../../checker/engine/interpreter.ts';
import { obstaclesTo } from '../../../checker/engine/interpreter/obstacle.ts';
import { stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import { Batch } from '../../../checker/engine/next-state.ts';
import type { NextState } from '../../../checker/engine/next-state.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { generatedEngine } from '../../support/agreement.ts';
import * as ir from '../../support/ir.ts';

/** What a step does to variables that start as given: the values of each successor, `fails`, or nothing. */
function outcomes(variables: Record<string, [Domain, Value]>, ...body: Statement[]): string {
  const domains = Object.fromEntries(Object.entries(variables).map(([name, [domain]]) => [name, domain]));
  const init = Object.entries(variables).map(([name, [domain, value]]) =>
    ir.assign(ir.variablePlace(name, domain), { ...ir.literal(value), type: domain }),
  );
  const plan = planned(domains, init, body);
  const engines = [interpret(plan), generatedEngine(plan, 'javascript'), generatedEngine(plan, 'webassembly')];
  const said = engines.map((engine) => oneStep(plan, engine));
  expect(said).toEqual([said[0], said[0], said[0]]);
  return said[0]!;
}

function planned(domains: Record<string, Domain>, init: Statement[], body: Statement[]): Plan {
  const plan = planOf(ir.system(domains, { init, actions: [ir.action('a', {}, ...body)] }));
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  return plan;
}

function oneStep(plan: Plan, engine: NextState): string {
  const start = new Batch(engine.words);
  engine.initial(start);
  expect(start.count).toBe(1);
  const out = new Batch(engine.words);
  engine.successors(start.states, 0, out);
  const states = Array.from({ length: out.count }, (_, index) =>
    Object.values(plan.layout.decode(out.states, index * engine.words))
      .map(formatValue)
      .join(' '),
  );
  return [...states, ...out.failures.map(() => 'fails')].join(' | ') || 'impossible';
}

/** The value of an expression over variables, in every engine. */
function valueOf(variables: Record<string, [Domain, Value]>, wanted: Domain, expression: Expression): string {
  const result: Record<string, [Domain, Value]> = { ...variables, result: [optional(wanted), undefined] };
  const said = outcomes(result, ir.assign(ir.variablePlace('result', optional(wanted)), expression));
  return said === 'fails' ? said : said.split(' ').slice(Object.keys(variables).length).join(' ');
}

function optional(domain: Domain): Domain {
  const members = domain.kind === 'union' ? domain.members : [domain];
  return members.some((member) => member.kind === 'undefined')
    ? domain
    : { kind: 'union', members: [{ kind: 'undefined' }, ...members] };
}

const WORD = ir.intDomain(-(2 ** 31), 2 ** 31 - 1);
const int = (value: number) => ir.literal(value);
const x = ir.variable('x', WORD);
const y = ir.variable('y', WORD);

it.each<[string, number, number, Expression, string]>([
  ['addition', 3, 4, ir.add(x, y), '7'],
  ['addition past 32 bits', 2 ** 31 - 1, 1, ir.add(x, y), 'fails'],
  ['subtraction past 32 bits', -(2 ** 31), 1, ir.operation('subtract', x, y), 'fails'],
  ['a sum that overflows in the middle only', 2 ** 31 - 1, 1, ir.operation('subtract', ir.add(x, y), y), 'fails'],
  ['a product of the largest', 46341, 46341, ir.operation('multiply', x, y), 'fails'],
  ['a product just within', -65536, 32768, ir.operation('multiply', x, y), '-2147483648'],
  ['a zero that has no sign', -3, 0, ir.operation('multiply', x, y), '0'],
  ['division toward minus infinity', -7, 2, ir.operation('divide', x, y), '-4'],
  ['division toward zero', -7, 2, ir.operation('truncate', x, y), '-3'],
  ['the remainder of a negative', -7, 3, ir.operation('remainder', x, y), '-1'],
  ['a remainder by a negative', 7, -3, ir.operation('remainder', x, y), '1'],
  ['a remainder of zero from a negative', -6, 3, ir.operation('remainder', x, y), '0'],
  ['division by zero', 1, 0, ir.operation('divide', x, y), 'fails'],
  ['remainder by zero', 1, 0, ir.operation('remainder', x, y), 'fails'],
  ['the one quotient that overflows', -(2 ** 31), -1, ir.operation('divide', x, y), 'fails'],
  ['its remainder', -(2 ** 31), -1, ir.operation('remainder', x, y), '0'],
  ['the negation of the least', -(2 ** 31), 0, ir.operation('negate', x), 'fails'],
  ['the absolute value of the least', -(2 ** 31), 0, ir.operation('absolute', x), 'fails'],
  ['the absolute value', -5, 0, ir.operation('absolute', x), '5'],
  ['the smaller', -5, 3, ir.operation('minimum', x, y), '-5'],
  ['the larger', -5, 3, ir.operation('maximum', x, y), '3'],
  ['a comparison of extremes', -(2 ** 31), 2 ** 31 - 1, ir.operation('less', x, y), 'true'],
])('computes %s', (_, left, right, expression, expected) => {
  const wanted = expression.type.kind === 'boolean' ? ir.BOOLEAN : WORD;
  expect(valueOf({ x: [WORD, left], y: [WORD, right] }, wanted, expression)).toBe(expected);
});

const list: Domain = { kind: 'array', element: ir.intDomain(0, 9), minLength: 0, maxLength: 4 };
const s = ir.variable('s', list);

it.each<[string, number[], Expression, Domain, string]>([
  ['at from the end', [1, 2, 3], ir.operation('at', s, int(-1)), ir.intDomain(0, 9), '3'],
  ['at outside', [1, 2, 3], ir.operation('at', s, int(3)), ir.intDomain(0, 9), 'undefined'],
  ['an index outside', [1, 2, 3], ir.index(s, int(3)), ir.intDomain(0, 9), 'fails'],
  ['a negative index', [1, 2, 3], ir.index(s, int(-1)), ir.intDomain(0, 9), 'fails'],
  ['slice with negative bounds', [1, 2, 3], ir.operation('slice', s, int(-2), int(-1)), list, '[2]'],
  ['slice that is empty', [1, 2, 3], ir.operation('slice', s, int(2), int(1)), list, '[]'],
  ['concat at capacity', [1, 2], ir.operation('concat', s, s), list, '[1, 2, 1, 2]'],
  ['concat over capacity', [1, 2, 3], ir.operation('concat', s, s), list, 'fails'],
  ['with', [1, 2, 3], ir.operation('with', s, int(1), int(9)), list, '[1, 9, 3]'],
  ['with outside', [1], ir.operation('with', s, int(1), int(9)), list, 'fails'],
  ['indexOf', [1, 2, 3], ir.operation('indexOf', s, int(3)), ir.intDomain(-1, 9), '2'],
  ['indexOf of what is absent', [1, 2], ir.operation('indexOf', s, int(3)), ir.intDomain(-1, 9), '-1'],
  [
    'filter',
    [1, 2, 3],
    ir.comprehension('filter', s, 'e', ir.operation('less', int(1), ir.local('e', ir.intDomain(0, 9)))),
    list,
    '[2, 3]',
  ],
  ['map', [1, 2], ir.comprehension('map', s, 'e', ir.add(int(1), ir.local('e', ir.intDomain(0, 9)))), list, '[2, 3]'],
  [
    'find',
    [1, 2],
    ir.comprehension('find', s, 'e', ir.equal(int(2), ir.local('e', ir.intDomain(0, 9)))),
    ir.intDomain(0, 9),
    '2',
  ],
  [
    'find of nothing',
    [1],
    ir.comprehension('find', s, 'e', ir.equal(int(2), ir.local('e', ir.intDomain(0, 9)))),
    ir.intDomain(0, 9),
    'undefined',
  ],
  [
    'findIndex',
    [7, 2],
    ir.comprehension('findIndex', s, 'e', ir.equal(int(2), ir.local('e', ir.intDomain(0, 9)))),
    ir.intDomain(-1, 9),
    '1',
  ],
  [
    'count',
    [1, 2, 2],
    ir.comprehension('count', s, 'e', ir.equal(int(2), ir.local('e', ir.intDomain(0, 9)))),
    ir.intDomain(0, 9),
    '2',
  ],
  ['toSet', [2, 1, 2], ir.operation('toSet', s), { kind: 'set', element: ir.intDomain(0, 9) }, '{1, 2}'],
])('computes %s of arrays', (_, elements, expression, wanted, expected) => {
  expect(valueOf({ s: [list, elements] }, wanted, expression).replace(/^(?:\d, )*\d?\] /, '')).toBe(expected);
});

it.each([31, 32, 33, 64])('combines sets over %i elements', (count) => {
  const element = ir.intDomain(1, count);
  const domain: Domain = { kind: 'set', element };
  const [left, right] = [setOf([1, 2, count]), setOf([2, count - 1, count])];
  const [a, b] = [ir.variable('a', domain), ir.variable('b', domain)];
  const computed = (operator: 'union' | 'intersection' | 'difference'): string => {
    const body = ir.assign(ir.variablePlace('a', domain), ir.operation(operator, a, b));
    return outcomes({ a: [domain, left], b: [domain, right] }, body);
  };
  expect(computed('union')).toBe(`{1, 2, ${count - 1}, ${count}} ${formatValue(right)}`);
  expect(computed('intersection')).toBe(`{2, ${count}} ${formatValue(right)}`);
  expect(computed('difference')).toBe(`{1} ${formatValue(right)}`);
  const pick = [ir.choose('c', element, a), ir.assign(ir.variablePlace('a', domain), ir.set(ir.local('c', element)))];
  expect(outcomes({ a: [domain, left] }, ...pick)).toBe(`{1} | {2} | {${count}}`);
});

it('visits sets in canonical order and domains in their own', () => {
  const states = ir.enumDomain('z', 'b10', 'b9');
  const domain: Domain = { kind: 'set', element: states };
  const set = ir.variable('v', domain);
  const found = (over: Expression): string =>
    outcomes(
      { v: [domain, setOf(['z', 'b10', 'b9'])] },
      ir.choose('c', states, over),
      ir.assign(ir.variablePlace('v', domain), ir.set(ir.local('c', states))),
    );
  expect(found(set)).toBe('{b9} | {b10} | {z}');
  expect(found(ir.all(states))).toBe('{z} | {b10} | {b9}');
});

const pair: Domain = {
  kind: 'object',
  fields: [
    { name: 'x', domain: ir.intDomain(0, 9) },
    { name: 'y', domain: ir.intDomain(0, 9) },
  ],
};
const pairs: Domain = { kind: 'array', element: pair, minLength: 3, maxLength: 3 };

it('copies what is assigned, also between parts of one variable at dynamic indices', () => {
  const a = ir.variable('a', pairs);
  const i = ir.variable('i', ir.intDomain(0, 2));
  const at = (index: Expression) => ir.part(ir.variablePlace('a', pairs), index);
  const start = [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
    { x: 5, y: 6 },
  ];
  const variables: Record<string, [Domain, Value]> = { a: [pairs, start], i: [ir.intDomain(0, 2), 2] };
  expect(outcomes(variables, ir.assign(at(int(0)), ir.index(a, i)), ir.assign(ir.part(at(i), 'x'), int(9)))).toBe(
    '[{ x: 5, y: 6 }, { x: 3, y: 4 }, { x: 9, y: 6 }] 2',
  );
  const swapFields = ir.object({ x: ir.field(ir.index(a, i), 'y'), y: ir.field(ir.index(a, i), 'x') });
  expect(outcomes(variables, ir.assign(at(i), swapFields))).toBe('[{ x: 1, y: 2 }, { x: 3, y: 4 }, { x: 6, y: 5 }] 2');
  const swap = [
    ir.declare('t', ir.index(a, i)),
    ir.assign(at(i), ir.index(a, int(0))),
    ir.assign(at(int(0)), ir.local('t', pair)),
  ];
  expect(outcomes(variables, ...swap)).toBe('[{ x: 5, y: 6 }, { x: 3, y: 4 }, { x: 1, y: 2 }] 2');
});

it('clears what a variant no longer has', () => {
  const domain: Domain = {
    kind: 'variant',
    discriminator: 'tag',
    cases: [
      { tag: 'idle', fields: [] },
      {
        tag: 'busy',
        fields: [
          { name: 'n', domain: ir.intDomain(0, 9) },
          { name: 'm', domain: ir.BOOLEAN },
        ],
      },
    ],
  };
  const v = ir.variable('v', domain);
  const place = ir.variablePlace('v', domain);
  const toIdle = ir.assign(place, ir.object({ tag: ir.literal('idle') }));
  const toBusy = ir.assign(place, ir.object({ tag: ir.literal('busy'), n: int(3), m: ir.literal(true) }));
  expect(outcomes({ v: [domain, { tag: 'busy', n: 7, m: true }] }, toIdle)).toBe('{ tag: idle }');
  expect(outcomes({ v: [domain, { tag: 'idle' }] }, toBusy)).toBe('{ tag: busy, n: 3, m: true }');
  expect(outcomes({ v: [domain, { tag: 'idle' }] }, ir.assign(ir.part(place, 'n'), int(1)))).toBe('fails');
  expect(outcomes({ v: [domain, { tag: 'idle' }] }, ir.when(ir.equal(ir.field(v, 'n'), int(1))))).toBe('fails');
  const there = new Batch(1);
  const back = new Batch(1);
  const plan = planned({ v: domain }, [], [toBusy, toIdle]);
  interpret(plan).initial(there);
  interpret(plan).successors(there.states, 0, back);
  expect(back.states[0]).toBe(there.states[0]);
});

const n = ir.intDomain(0, 9);
const v = ir.variable('v', n);
const put = (value: Expression): Statement => ir.assign(ir.variablePlace('v', n), value);

it.each<[string, Statement[], string]>([
  ['a step without statements changes nothing', [], '1'],
  ['a false guard', [ir.when(ir.equal(v, int(2)))], 'impossible'],
  ['a guard after a failure', [put(int(99)), ir.when(ir.literal(false))], 'fails'],
  ['a failure after a guard', [ir.when(ir.literal(false)), put(int(99))], 'impossible'],
  ['a failed verify', [ir.verify(ir.equal(v, int(2)))], 'fails'],
  [
    'a failure that `and` keeps from happening',
    [ir.when(ir.and(ir.literal(false), ir.equal(int(1), ir.index(ir.array(v), v))))],
    'impossible',
  ],
  [
    'a failure that `or` keeps from happening',
    [ir.when(ir.or(ir.equal(v, int(1)), ir.equal(int(1), ir.index(ir.array(v), v))))],
    '1',
  ],
  [
    'a failure in the second operand',
    [ir.when(ir.and(ir.equal(v, int(1)), ir.equal(int(1), ir.index(ir.array(v), v))))],
    'fails',
  ],
  ['each branch of an either', [ir.either([put(int(3))], [ir.when(ir.literal(false))], [put(int(4))])], '3 | 4'],
  ['a choice among nothing', [ir.choose('c', n, ir.all({ kind: 'enum', values: [] }))], 'impossible'],
  [
    'choices in a loop in an if',
    [
      ir.iff(ir.equal(v, int(1)), [
        ir.forEach('b', ir.all(ir.BOOLEAN), [
          ir.choose('c', ir.intDomain(0, 1), ir.all(ir.intDomain(0, 1))),
          put(ir.add(ir.operation('multiply', v, int(2)), ir.local('c', ir.intDomain(0, 1)))),
        ]),
      ]),
    ],
    '4 | 5 | 6 | 7',
  ],
  [
    'an exit out of two loops',
    [
      ir.block(
        'out',
        ir.forEach('a', ir.all(ir.intDomain(0, 3)), [
          ir.forEach('b', ir.all(ir.intDomain(0, 3)), [
            put(ir.add(v, int(1))),
            ir.iff(ir.equal(ir.local('b', ir.intDomain(0, 3)), int(2)), [ir.exit('out')]),
          ]),
        ]),
      ),
    ],
    '4',
  ],
  [
    'a loop over the elements as they were',
    [
      ir.declare('s', ir.literal([1, 2]), { kind: 'array', element: n, minLength: 0, maxLength: 3 }, true),
      ir.forEach('e', ir.local('s', { kind: 'array', element: n, minLength: 0, maxLength: 3 }), [
        ir.assign(ir.localPlace('s', { kind: 'array', element: n, minLength: 0, maxLength: 3 }), ir.array(int(9))),
        put(ir.add(v, ir.local('e', n))),
      ]),
    ],
    '4',
  ],
  ['a loop without end', [ir.loop(5, put(v))], 'fails'],
])('runs %s', (_, body, expected) => expect(outcomes({ v: [n, 1] }, ...body)).toBe(expected));

it('accepts records without keys, arrays without room and enums of one', () => {
  const empty: Domain = { kind: 'record', key: { kind: 'enum', values: [] }, value: n };
  const none: Domain = { kind: 'array', element: n, minLength: 0, maxLength: 0 };
  const one = ir.enumDomain('only');
  const variables: Record<string, [Domain, Value]> = { a: [empty, {}], b: [none, []], c: [one, 'only'] };
  expect(outcomes(variables, ir.assign(ir.variablePlace('b', none), ir.variable('b', none)))).toBe('{ } [] only');
  expect(outcomes(variables, ir.assign(ir.part(ir.variablePlace('b', none), int(0)), int(1)))).toBe('fails');
});

it('converts between domains that hold the same values under other codes', () => {
  const few = ir.enumDomain('c', 'a');
  const many = ir.enumDomain('a', 'b', 'c');
  const nullable: Domain = { kind: 'union', members: [{ kind: 'null' }, few] };
  const move = (from: Domain, value: Value, to: Domain): string =>
    outcomes(
      { x: [from, value], y: [to, to.kind === 'union' ? null : 'a'] },
      ir.assign(ir.variablePlace('y', to), ir.variable('x', from)),
    );
  expect(move(few, 'c', many)).toBe('c c');
  expect(move(many, 'b', few)).toBe('fails');
  expect(move(many, 'c', nullable)).toBe('c c');
  expect(move(nullable, 'c', many)).toBe('c c');
  expect(move(nullable, null, many)).toBe('fails');
});

it('says why a step failed, and where', () => {
  const span = { file: 0, start: 3, end: 9 };
  const guard: Expression = {
    ...ir.and(ir.literal(true), { ...ir.equal(v, int(2)), span }),
    span: { file: 0, start: 0, end: 9 },
  };
  const plan = planned({ v: n }, [], [ir.when(guard)]);
  expect(obstaclesTo(plan, { v: 1 }, plan.instances[0]!)).toMatchObject({
    list: [{ kind: 'when', span }],
    isCut: false,
  });
  expect(obstaclesTo(plan, { v: 2 }, plan.instances[0]!)).toBeUndefined();

  const failing = planned({ v: n }, [], [put(ir.add(v, int(9)))]);
  expect(stepsOf(failing, { v: 1 }, failing.instances[0]!).failures).toMatchObject([
    { message: '10 is outside 0 … 9' },
  ]);
  const outside = evaluateIn(plan, ir.index(ir.array(v, v), int(2)), new Map(), { v: 1 });
  expect(outside).toMatchObject({ message: 'index 2 is outside an array of 2' });
});

it('refuses to be silent about what it cannot compile', () => {
  const wide: Domain = { kind: 'set', element: WORD };
  const plan = planned({ v: n }, [], [ir.declare('s', { ...ir.set(v), type: wide }, wide)]);
  expect(compileEngine(lowered(plan))).toMatchObject({
    unsupported: expect.stringContaining('4294967296 possible elements') as string,
  });
});

it('where objects of two types meet, each is stored where its own type fits', () => {
  const digit = ir.intDomain(0, 9);
  const narrow: Domain = { kind: 'object', fields: [{ name: 'z', domain: digit }] };
  const wide: Domain = { kind: 'object', fields: [...narrow.fields, { name: 'x', domain: digit }] };
  const stored = (which: boolean): string =>
    outcomes(
      { to: [narrow, { z: 0 }], one: [narrow, { z: 1 }], other: [wide, { z: 2, x: 3 }], which: [ir.BOOLEAN, which] },
      ir.assign(
        ir.variablePlace('to', narrow),
        ir.conditional(ir.variable('which', ir.BOOLEAN), ir.variable('one', narrow), ir.variable('other', wide)),
      ),
    );
  expect(stored(true)).toBe('{ z: 1 } { z: 1 } { z: 2, x: 3 } true');
  expect(stored(false)).toBe('fails');
});
