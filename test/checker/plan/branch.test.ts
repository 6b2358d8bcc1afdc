import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { compileEngine } from '../../../checker/engine/javascript/engine.ts';
import { lowered } from '../../../checker/engine/lowered.ts';
import { compileWasmEngine } from '../../../checker/engine/wasm/engine.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { branchesOf } from '../../../checker/plan/branch.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { explore } from '../../../checker/search/breadth-first.ts';
import type { Expression, Statement, System } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';
import { wordWarning } from '../../../checker/verdict/warning-words.ts';

const COUNT = ir.intDomain(0, 3);
const count = ir.variable('n', COUNT);
const setCount = (value: Expression): Statement => ir.assign(ir.variablePlace('n', COUNT), value);
const is = (value: number): Expression => ir.equal(count, ir.literal(value));
const parameter = (value: boolean): Expression => ({ ...ir.literal(value), kind: 'parameter', name: 'p', value });

/** An `if` at a place of its own, as somebody would have written it. */
function written(start: number, condition: Expression, whenTrue: Statement[], whenFalse: Statement[] = []): Statement {
  const span = (length: number) => ({ file: 0, start, end: start + length });
  return {
    ...ir.iff({ ...condition, span: span(5) }, whenTrue, whenFalse),
    span: { file: 0, start: start - 'if ('.length, end: start + 20 },
  };
}

function named(system: System): string[] {
  return branchesOf(system.actions).list.map(({ action, arm, span }) => `${action.name}@${span.start} ${arm}`);
}

describe('the branches of a plan', () => {
  it('are the arms that do something and the alternatives, from the outside in', () => {
    const body = [
      written(10, is(0), [written(30, is(1), [setCount(ir.literal(2))])], [setCount(ir.literal(3))]),
      ir.either([setCount(ir.literal(0))], [], [ir.when(is(1))]),
    ];
    const system = ir.system({ n: COUNT }, { actions: [ir.action('a', {}, ...body)] });
    expect(named(system)).toEqual(['a@10 whenTrue', 'a@30 whenTrue', 'a@10 whenFalse', 'a@0 0', 'a@0 2']);
    expect(branchesOf(system.actions).list[1]!.parent).toBe(0);
  });

  it('leave out what parameters choose, and look into what they have chosen', () => {
    const inner = (at: number) => written(at, is(1), [setCount(ir.literal(2))]);
    const system = ir.system(
      { n: COUNT },
      {
        actions: [
          ir.action('a', {}, written(10, parameter(true), [inner(30)], [inner(40)])),
          ir.action('b', {}, written(50, ir.and(parameter(false), is(1)), [inner(60)], [inner(70)])),
          ir.action('c', {}, written(80, ir.and(parameter(true), is(1)), [inner(90)])),
        ],
      },
    );
    expect(named(system)).toEqual(['a@30 whenTrue', 'b@70 whenTrue', 'c@80 whenTrue', 'c@90 whenTrue']);
  });
});

describe.each(['javascript', 'webassembly', 'interpreted'] as const)(
  'steps through a branch, by the %s engine',
  (kind) => {
    const through = (system: System): number[] => {
      const plan = planOf(system);
      if (isRefused(plan)) throw new Error('refused');
      const engine =
        kind === 'interpreted'
          ? interpret(plan)
          : { javascript: compileEngine, webassembly: compileWasmEngine }[kind](lowered(plan));
      if ('unsupported' in engine) throw new Error(engine.unsupported);
      const options = { instances: plan.instances.length, branches: plan.branches.list.length };
      const found = explore(engine, plan.roles, { ...options, deadlock: false, keepSteps: false, stopAtFirst: false });
      return [...found.branches];
    };
    /** WebAssembly does not count: to it, one is like many. */
    const counted = (steps: number[]): number[] => (kind === 'webassembly' ? steps.map((n) => Math.min(n, 1)) : steps);

    it('count once for each completed step, whatever way led to it', () => {
      const inc = setCount(ir.add(count, ir.literal(1)));
      const guarded = ir.either([ir.when(is(0)), inc], [ir.when(is(9)), inc], [inc]);
      // From 0 by the first and the third alternative, from 1 and 2 by the third; what is not possible counts nowhere.
      const below = ir.when(ir.operation('less', count, ir.literal(3)));
      expect(through(ir.system({ n: COUNT }, { actions: [ir.action('a', {}, below, guarded)] }))).toEqual(
        counted([1, 0, 3]),
      );
    });

    it('do not count when something after it keeps the step from being completed', () => {
      const body = [written(10, is(0), [setCount(ir.literal(1))], [setCount(ir.literal(2))]), ir.when(is(1))];
      expect(through(ir.system({ n: COUNT }, { actions: [ir.action('a', {}, ...body)] }))).toEqual(counted([1, 0]));
    });

    it('count once however often a loop comes by, and not for asking what is enabled', () => {
      const loop = ir.forEach('i', ir.all(COUNT), [written(10, is(0), [setCount(ir.literal(0))], [setCount(count)])]);
      const enabled: Expression = {
        kind: 'enabled',
        action: 'a',
        arguments: [],
        type: ir.BOOLEAN,
        span: ir.literal(0).span,
      };
      const actions = [ir.action('a', {}, loop)];
      const invariants = [ir.predicate('never', ir.not(enabled))];
      expect(through(ir.system({ n: COUNT }, { actions, invariants }))).toEqual(counted([1, 0]));
    });

    it('are missed by a warning only where the rest of the action happens', () => {
      const arms = (at: number) => written(at, is(1), [written(at + 5, is(2), [setCount(ir.literal(3))])]);
      const system = ir.system(
        { n: COUNT },
        {
          actions: [
            ir.action('a', {}, ir.when(is(0)), arms(10), setCount(ir.literal(3))),
            ir.action('idle', {}, ir.when(is(2)), arms(40)),
          ],
        },
      );
      const { warnings } = check(system, { engine: kind, deadlock: false });
      expect(warnings.map((warning) => `${wordWarning(warning)} @${warning.span.start}`)).toEqual([
        '`idle` is never enabled @0',
        'in `a`, no step has this condition true, so what depends on it is never done @10',
      ]);
    });
  },
);
