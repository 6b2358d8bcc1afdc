import { describe, expect, it } from 'vitest';
import { either, equal, ids, pick, spec, values, verify, when, z } from 'fairlead';
import { definitionOf, type SpecDefinition } from '../../../dsl/language/definition.ts';
import { formatValue } from '../../../dsl/ir/index.ts';
import { executeModel, type JavaScriptModel } from '../../support/javascript.ts';
import { explore, shown } from '../../support/safety.ts';
import { lease } from './example.ts';

const modelOf = (declared: object, parameters = {}) =>
  executeModel(definitionOf(declared) as SpecDefinition, parameters);

/** All states that can be reached, as text, breadth first. */
const reachable = (model: JavaScriptModel) => explore(model).configurations.map(shown);

/** The outcomes of all actions and threads of a spec in its first initial state. */
function outcomes(declared: object): readonly string[] {
  const model = modelOf(declared);
  const [first] = model.initial();
  if (first?.kind !== 'state') throw new Error('no initial state');
  return [...model.actions, ...model.threads].flatMap((instance) =>
    model
      .successors(first.to, instance)
      .map((outcome) => (outcome.kind === 'state' ? shown(outcome.to) : `! ${outcome.message}`)),
  );
}

describe('bodies run as JavaScript', () => {
  it('reach the states of a small puzzle', () => {
    const jugs = spec('two jugs', {
      state: () => ({ big: z.int().min(0).max(5), small: z.int().min(0).max(3) }),
    });
    jugs.action((s) => void (s.big = 5));
    jugs.action((s) => void (s.small = 3));
    jugs.action((s) => void (s.big = 0));
    jugs.action((s) => void (s.small = 0));
    jugs.action((s) => {
      const poured = Math.min(s.big, 3 - s.small);
      s.big -= poured;
      s.small += poured;
    });
    jugs.action((s) => {
      const poured = Math.min(s.small, 5 - s.big);
      s.small -= poured;
      s.big += poured;
    });
    expect(reachable(modelOf(jugs))).toHaveLength(16);
  });

  it('start from the default of every variable', () => {
    const Ring = ids('Ring', 2);
    const first = spec('defaults', {
      state: () => ({
        flag: z.boolean(),
        level: z.int().min(2).max(5),
        mode: z.enum(['low', 'high']),
        owner: Ring.nullable(),
        holders: z.set(Ring),
        queue: z.array(Ring).max(2),
        pair: z.tuple([Ring, z.boolean()]),
        rings: z.record(Ring, z.object({ tries: z.int().min(0).max(1), last: z.boolean().optional() })),
        message: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('ask'), from: Ring }),
          z.object({ kind: z.literal('none') }),
        ]),
      }),
    });
    const initial = modelOf(first).initial();
    expect(initial.map((one) => one.kind === 'state' && formatValue(one.to.state))).toEqual([
      '{ flag: false, level: 2, mode: low, owner: null, holders: {}, queue: [], pair: [r0, false], ' +
        'rings: { r0: { tries: 0, last: undefined }, r1: { tries: 0, last: undefined } }, ' +
        'message: { kind: ask, from: r0 } }',
    ]);
  });

  it('explore choices in order, and leave out what is not possible', () => {
    const choices = spec('choices', { state: () => ({ n: z.int().min(0).max(9), m: z.enum(['a', 'b', 'c']) }) });
    choices.action((s) => {
      either(
        () => {
          s.n = 1;
          s.m = pick(z.enum(['a', 'b', 'c']));
          when(s.m !== 'b');
        },
        () => {
          s.n = 2;
        },
      );
      s.n += 1;
    });
    choices.action((s) => {
      s.n = pick(values(z.int().min(7).max(8)));
    });
    choices.action(() => void pick(new Set<number>()));
    expect(outcomes(choices)).toEqual([
      '{ n: 2, m: a }',
      '{ n: 2, m: c }',
      '{ n: 3, m: a }',
      '{ n: 7, m: a }',
      '{ n: 8, m: a }',
    ]);
  });

  it('fail where a step must not go', () => {
    const wrong = spec('wrong', {
      state: () => ({ n: z.int().min(0).max(3), list: z.array(z.boolean()).max(1), set: z.set(z.enum(['a', 'b'])) }),
    });
    wrong.action((s) => {
      s.n = 4;
      s.n = 0;
    });
    wrong.action((s) => void (s.n = s.list[0] ? 1 : 2));
    wrong.action((s) => void s.list.push(true, false));
    wrong.action((s) => void s.set.add('c' as 'a'));
    wrong.action((s) => verify(s.n === 1, 'n is one'));
    wrong.action((s) => void (s.n = s.n / 0));
    expect(outcomes(wrong)).toEqual([
      '! 4 is not in the domain of `n`',
      '! index 0 is outside an array of 0',
      '! [true, false] is not in the domain of the array',
      '! c is no element of this set',
      '! n is one',
      '! NaN is not in the domain of `n`',
    ]);
  });

  it('hold one object wherever it is put, until the step is over', () => {
    const Point = z.object({ x: z.int().min(0).max(9) });
    const tree = spec('tree', { state: () => ({ a: Point, b: Point, all: z.array(Point).length(1) }) });
    tree.action((s) => {
      s.b = s.a;
      s.b.x = 1;
      const a = s.a;
      a.x = 2;
      s.all[0] = a;
      a.x = 3;
    });
    expect(outcomes(tree)).toEqual(['{ a: { x: 3 }, b: { x: 3 }, all: [{ x: 3 }] }']);
  });

  it('compare the elements of sets by value', () => {
    const Message = z.object({ to: z.enum(['a', 'b']), ack: z.boolean().optional() });
    const network = spec('network', { state: () => ({ sent: z.set(Message) }) });
    network.action((s) => {
      s.sent.add({ to: 'b' });
      s.sent.add({ to: 'a', ack: true });
      s.sent.add({ to: 'b', ack: undefined });
      verify(s.sent.has({ to: 'a', ack: true }));
      verify(new Set([{ to: 'a', ack: true }] as const).isSubsetOf(s.sent));
    });
    expect(outcomes(network)).toEqual(['{ sent: {{ to: b, ack: undefined }, { to: a, ack: true }} }']);
  });

  it('ask whether two values are the same value', () => {
    const Point = z.object({ x: z.int().min(0).max(9), note: z.boolean().optional() });
    const plane = spec('plane', {
      state: () => ({ a: Point, b: Point, path: z.array(Point).max(2), seen: z.set(Point) }),
    });
    plane.action((s) => {
      verify(equal(s.a, s.b) && equal(s.a, { x: 0 }) && equal<object>([s.a], [{ x: 0, note: undefined }]));
      s.b.x = 1;
      verify(!equal(s.a, s.b) && !equal(s.path, [s.a]));
      s.seen = new Set([s.b, s.a]);
      verify(equal(s.seen, new Set([s.a, s.b, s.a])) && !equal(s.seen, new Set([s.a])));
      verify(!equal<object | null>(s.a, null) && !equal<object>([], {}));
    });
    expect(outcomes(plane).filter((outcome) => outcome.startsWith('!'))).toEqual([]);
    expect(outcomes(plane)).toHaveLength(1);
  });

  it('get arguments in the order of their domains', () => {
    const Ring = ids('Ring', (p) => p.rings);
    const model = spec('arguments', {
      params: { rings: z.int().min(1).max(3).default(2) },
      state: () => ({ flag: z.boolean() }),
    });
    model.action(
      (p) => ({ r: Ring, n: z.int().min(p.rings).max(3) }),
      (s, { r, n }, p) => void (s.flag = r === pick(Ring) && n === p.rings),
    );
    const instances = (rings: number) => modelOf(model, { rings }).actions.map((one) => formatValue(one.arguments));
    expect(instances(2)).toEqual(['{ r: r0, n: 2 }', '{ r: r0, n: 3 }', '{ r: r1, n: 2 }', '{ r: r1, n: 3 }']);
    expect(instances(3)).toEqual(['{ r: r0, n: 3 }', '{ r: r1, n: 3 }', '{ r: r2, n: 3 }']);
  });
});

describe('processes run as JavaScript', () => {
  it('take one step from label to label, and keep their locals', () => {
    const counting = spec('counting', {
      state: () => ({ n: z.int().min(0).max(9) }),
    });
    counting.process(function* (s) {
      let step = pick(z.int().min(2).max(2));
      while (s.n < 4) {
        yield 'add';
        s.n += step;
        step += 1;
      }
      yield 'last';
      s.n = 9;
    });
    expect(reachable(modelOf(counting))).toEqual([
      '{ n: 0 } @ add',
      '{ n: 2 } @ add',
      '{ n: 5 } @ last',
      '{ n: 9 } @ done',
    ]);
  });

  it('choose, wait and know where each other stand', () => {
    const Turn = z.enum(['left', 'right']);
    const handing = spec('handing over', { state: () => ({ turn: Turn, busy: z.boolean() }) });
    const left = handing.process(function* (s) {
      yield 'wait';
      when(s.turn === 'left');
      s.turn = pick(Turn);
      yield* hold(s);
    });
    handing.process(function* (s) {
      s = yield 'wait';
      when(s.turn === 'right' && left.at('done'));
      s.turn = 'left';
    });
    function* hold(s: { busy: boolean }) {
      yield 'take' as const;
      s.busy = true;
      yield 'give' as const;
      s.busy = false;
    }
    expect(reachable(modelOf(handing))).toEqual([
      '{ turn: left, busy: false } @ wait @ wait',
      '{ turn: left, busy: false } @ take @ wait',
      '{ turn: right, busy: false } @ take @ wait',
      '{ turn: left, busy: true } @ give @ wait',
      '{ turn: right, busy: true } @ give @ wait',
      '{ turn: left, busy: false } @ done @ wait',
      '{ turn: right, busy: false } @ done @ wait',
      '{ turn: left, busy: false } @ done @ done',
    ]);
  });

  it('keep references into the state across steps', () => {
    const Cell = z.object({ n: z.int().min(0).max(3), seen: z.array(z.boolean()).length(2) });
    const cells = spec('cells', { state: () => ({ cells: z.array(Cell).length(2) }) });
    cells.process(function* (s) {
      const cell = s.cells[1]!;
      yield 'first';
      cell.n += 1;
      yield* fill(cell.seen);
      s.cells[0] = { ...cell, n: cell.seen.filter(Boolean).length };
    });
    function* fill(seen: boolean[]) {
      for (const index of [0, 1]) {
        yield 'fill' as const;
        seen[index] = true;
      }
      yield 'copy' as const;
    }
    expect(reachable(modelOf(cells)).at(-1)).toBe(
      '{ cells: [{ n: 2, seen: [true, true] }, { n: 1, seen: [true, true] }] } @ done',
    );
  });

  it('run the example', () => {
    expect(reachable(modelOf(lease, { rings: 1 }))).toHaveLength(15);
  });
});
