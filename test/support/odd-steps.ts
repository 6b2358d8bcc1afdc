import type { Domain, Expression, Statement, System, Value } from '../../dsl/ir/index.ts';
import * as ir from './ir.ts';

const PLACE = ir.enumDomain('free', 'asked', 'held');
const SMALL = ir.intDomain(0, 2);
const WORD = ir.intDomain(-(2 ** 31), 2 ** 31 - 1);
const MAYBE: Domain = { kind: 'union', members: [{ kind: 'null' }, PLACE, ir.intDomain(4, 5)] };
const ROW: Domain = { kind: 'array', element: PLACE, minLength: 3, maxLength: 3 };
const WIDE: Domain = {
  kind: 'array',
  element: {
    kind: 'object',
    fields: [
      { name: 'at', domain: PLACE },
      { name: 'wide', domain: WORD },
    ],
  },
  minLength: 3,
  maxLength: 3,
};
/** The fields of both cases are the same bits. */
const CASES: Domain = {
  kind: 'variant',
  discriminator: 'tag',
  cases: [
    { tag: 'one', fields: [{ name: 'x', domain: PLACE }] },
    { tag: 'two', fields: [{ name: 'y', domain: ir.intDomain(0, 5) }] },
  ],
};
const IDS = ir.idsDomain('Ring', 2);
const DOMAINS = {
  p: PLACE,
  q: PLACE,
  flag: ir.BOOLEAN,
  i: SMALL,
  word: WORD,
  always: ir.intDomain(7, 7),
  maybe: MAYBE,
  row: ROW,
  wide: WIDE,
  cases: CASES,
  rings: { kind: 'set', element: IDS } as Domain,
} satisfies Record<string, Domain>;

const VALUES: Readonly<Record<string, readonly Value[]>> = {
  p: ['free', 'asked', 'held'],
  q: ['free', 'asked', 'held'],
  flag: [false, true],
  i: [0, 1, 2],
  word: [0, -1, -(2 ** 31), 2 ** 31 - 1],
  always: [7],
  maybe: [null, 'free', 'held', 4, 5],
};

type Name = keyof typeof DOMAINS;

/**
 * A random system whose steps test a few parts of the state and put constants into them, as locks do, in every way that
 * a step can reach them: at computed places, in loops, after choices and checks, fields of no bits and of all, and fields
 * that share their bits.
 */
export function systemOfOddSteps(seed: number): System {
  let state = seed | 0;
  const draw = (count: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
  const pick = <Item>(list: readonly Item[]): Item => list[draw(list.length)]!;
  const read = (name: Name): Expression => ir.variable(name, DOMAINS[name]);
  const place = (name: Name) => ir.variablePlace(name, DOMAINS[name]);
  const plain = (): Name => pick(['p', 'p', 'q', 'flag', 'i', 'word', 'always', 'maybe'] as const);
  const where = (): Expression => pick([read('i'), read('i'), ir.literal(draw(3))]);
  const constant = (name: Name): Expression => ir.literal(pick(VALUES[name]!));
  const lock = (): Expression => ir.literal(pick(VALUES['p']!));
  const ring = (): Expression => ({ ...ir.literal(`r${draw(2)}`), type: IDS });
  const isCase = (tag: string): Expression => ir.equal(ir.field(read('cases'), 'tag'), ir.literal(tag));
  const test = (): Expression => {
    switch (draw(9)) {
      case 0:
        return ir.equal(ir.index(read('row'), where()), lock());
      case 1:
        return ir.equal(ir.field(ir.index(read('wide'), where()), 'at'), lock());
      case 2:
        return ir.and(isCase('one'), ir.equal(ir.field(read('cases'), 'x'), lock()));
      case 3:
        return ir.and(isCase('two'), ir.operation('less', ir.field(read('cases'), 'y'), ir.literal(draw(6))));
      case 4:
        return ir.operation('includes', read('rings'), ring());
      case 5:
        return ir.operation('includes', ir.array(...Array.from({ length: 2 }, lock)), read(pick(['p', 'q'] as const)));
      default: {
        const name = plain();
        return ir.equal(read(name), constant(name));
      }
    }
  };
  const guard = (): Expression => (draw(3) !== 0 ? ir.not(test()) : test());
  const put = (): Statement => {
    switch (draw(9)) {
      case 0:
        return ir.assign(ir.part(place('row'), where()), pick([lock(), ir.index(read('row'), where()), read('p')]));
      case 1:
        return ir.assign(ir.part(ir.part(place('wide'), where()), 'at'), lock());
      case 2:
        return ir.assign(place('cases'), ir.object({ tag: ir.literal('one'), x: lock() }));
      case 3:
        return ir.assign(place('cases'), ir.object({ tag: ir.literal('two'), y: ir.literal(draw(6)) }));
      case 4:
        return ir.assign(
          place('rings'),
          ir.operation(pick(['union', 'difference'] as const), read('rings'), ir.set(ring())),
        );
      default: {
        const name = plain();
        return ir.assign(place(name), constant(name));
      }
    }
  };
  const statement = (): Statement => {
    switch (draw(12)) {
      case 0:
        return ir.iff(guard(), [put()], draw(2) === 0 ? [] : [put()]);
      case 1:
        return ir.either([put()], [ir.when(guard()), put()]);
      case 2:
        return ir.verify(ir.or(guard(), guard()));
      case 3: {
        const each = ir.local('each', SMALL);
        return ir.forEach('each', ir.all(SMALL), [
          ir.iff(ir.equal(ir.index(read('row'), each), lock()), [ir.assign(ir.part(place('row'), each), lock())]),
        ]);
      }
      case 4:
        return ir.when(guard());
      default:
        return put();
    }
  };
  const some = <Item>(count: number, make: () => Item): Item[] => Array.from({ length: count }, make);
  const actions = some(4 + draw(5), () => [
    ...some(1 + draw(2), () => ir.when(guard())),
    ...(draw(6) === 0
      ? [ir.choose('chosen', PLACE, read('row')), ir.assign(place('p'), ir.local('chosen', PLACE))]
      : []),
    ...some(1 + draw(2), statement),
  ]).map((body, index) => ir.action(`a${index}`, {}, ...body));
  return ir.system(DOMAINS, { init: some(3, put), actions });
}
