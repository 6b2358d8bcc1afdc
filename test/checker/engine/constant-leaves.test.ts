import { expect, it } from 'vitest';
import type { Statement } from '../../../dsl/ir/index.ts';
import { withoutConstantLeaves, withoutLeaves } from '../../../checker/engine/constant-leaves.ts';
import { lowered } from '../../../checker/engine/lowered.ts';
import { leavesWithoutBits } from '../../../checker/plan/layout.ts';
import { constant } from '../../../checker/engine/flat.ts';
import type { Cell, Flat, FlatStatement } from '../../../checker/engine/flat.ts';
import { specialize } from '../../../checker/engine/specialize.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { generatedEngine, graphOf } from '../../support/agreement.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import * as ir from '../../support/ir.ts';

const SMALL = ir.intDomain(0, 7);
const PAIR = { kind: 'array', element: SMALL, minLength: 2, maxLength: 2 } as const;
const DOMAINS = { x: SMALL, y: SMALL, pair: PAIR };
const x = ir.variable('x', SMALL);
const y = ir.variable('y', SMALL);
const number = (value: number) => ir.literal(value);
const setX = (value: Parameters<typeof ir.assign>[1]): Statement => ir.assign(ir.variablePlace('x', SMALL), value);
const setY = (value: Parameters<typeof ir.assign>[1]): Statement => ir.assign(ir.variablePlace('y', SMALL), value);
const next = (value: typeof x) => ir.operation('remainder', ir.add(value, number(1)), number(8));

/** The widths of the leaves that remain (x, y, pair[0], pair[1]); the graph must be what the interpreter says of all of them. */
function widths(init: Statement[], ...bodies: Statement[][]): string {
  const actions = bodies.map((body, index) => ir.action(`a${index}`, {}, ...body));
  const invariants = [ir.predicate('small', ir.operation('less', ir.add(x, y), number(9)))];
  const plan = planOf(ir.system(DOMAINS, { init, actions, invariants }));
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  const model = withoutConstantLeaves(lowered(plan));
  const folded = model.plan;
  const { states, ...expected } = graphOf(plan, interpret(plan), 100);
  expect(graphOf(folded, interpret(folded), 100)).toMatchObject(expected);
  // Whoever only knows which leaves have no bits makes programs for them again.
  const again = withoutLeaves(plan, leavesWithoutBits(folded.layout));
  expect(graphOf(again, generatedEngine(again, 'javascript'), 100)).toMatchObject(expected);
  for (const kind of ['javascript', 'webassembly'] as const) {
    const graph = graphOf(folded, generatedEngine(model, kind), 100);
    expect({ kind, graph }).toMatchObject({ kind, graph: expected });
    const decoded = graph.states.map((words) => folded.layout.decode(Int32Array.from(words.split(','), Number), 0));
    expect(decoded).toEqual(states.map((words) => plan.layout.decode(Int32Array.from(words.split(','), Number), 0)));
  }
  return folded.layout.leaves.map(({ width, always }) => (always === undefined ? width : `=${always}`)).join(' ');
}

it('what init sets and nothing changes takes no bits', () => {
  expect(widths([setY(number(5))], [setX(next(ir.add(x, y)))])).toBe('3 =5 =0 =0');
});

it('storing what is there anyway is no change', () => {
  expect(widths([setY(number(5))], [setX(next(x)), setY(number(5))])).toBe('3 =5 =0 =0');
});

it('where a branch becomes empty, the other one is run when it was, and only then', () => {
  const cell = (at: number): Cell => ({ space: { kind: 'state' }, at, index: undefined });
  const store = (at: number, value: number): FlatStatement => ({ op: 'store', cell: cell(at), value: constant(value) });
  const condition: Flat = { op: 'load', cell: cell(0) };
  const body: FlatStatement[] = [{ op: 'if', condition, whenTrue: [store(1, 5)], whenFalse: [store(0, 1)] }];
  const { body: shorter } = specialize({ body, temps: 0, regions: [] }, new Map([[1, 5]]), new Int32Array());
  expect(shorter).toEqual([
    { op: 'if', condition: { op: 'not', operand: condition }, whenTrue: [store(0, 1)], whenFalse: [] },
  ]);
});

it('what only an impossible step would change takes no bits', () => {
  const never = ir.when(ir.equal(y, number(3)));
  expect(widths([setY(number(5))], [setX(next(x))], [never, setY(number(1))])).toBe('3 =5 =0 =0');
});

it('two leaves that only each other could change take no bits', () => {
  const ifX = ir.iff(ir.equal(x, number(1)), [setY(number(1))]);
  const ifY = ir.iff(ir.equal(y, number(1)), [setX(number(1))]);
  expect(widths([], [ifX, ifY])).toBe('=0 =0 =0 =0');
});

it('a leaf that some initial states have otherwise keeps its bits', () => {
  expect(widths([ir.choose('c', SMALL, ir.all(SMALL)), setY(ir.local('c', SMALL))], [setX(next(x))])).toBe('3 3 =0 =0');
  const some = ir.either([setY(number(1))], []);
  expect(widths([some], [setX(next(x))])).toBe('3 3 =0 =0');
});

it('the last store of init counts, whatever was there before', () => {
  expect(widths([setY(number(2)), setY(number(6))], [setX(next(x))])).toBe('3 =6 =0 =0');
});

it('what init reads keeps its bits, as it begins with defaults', () => {
  expect(widths([setX(y), setY(number(6))], [setX(next(x))])).toBe('3 3 =0 =0');
});

it('places that are only known when a step runs keep their bits, but not their code', () => {
  const element = ir.part(ir.variablePlace('pair', PAIR), ir.operation('remainder', x, number(2)));
  expect(widths([], [setX(next(x)), ir.assign(element, number(3))])).toBe('3 =0 3 3');
  const read = ir.index(ir.variable('pair', PAIR), ir.operation('remainder', x, number(2)));
  expect(widths([], [setX(next(ir.add(x, read)))])).toBe('3 =0 3 3');
});
