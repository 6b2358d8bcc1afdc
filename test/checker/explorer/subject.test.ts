import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../../checker/explorer/subject.ts';
import { prepare } from '../../../checker/liveness/prepare.ts';
import { smallGraph } from '../../../checker/explorer/state-graph.ts';
import { failureIn, initialMoves, movesFrom } from '../../../checker/explorer/subject.ts';
import { isRefused } from '../../../checker/plan/plan.ts';
import { compareEngines } from '../../support/engines.ts';
import * as ir from '../../support/ir.ts';
import { specModels } from '../../support/specs.ts';
import { shown, shownModels } from './shown.ts';

/** Between them: processes and actions, choices, records, sets and arrays, every kind of property. */
const VARIED = /sync\/(condvar|rwlock|barrier|signals)|peterson|die-hard|bakery/;
const STATES = 200;

describe('the code in a page', () => {
  it('agrees with the interpreter on whole state graphs, and on every predicate', () => {
    const compared = specModels(VARIED)
      .map(({ system }) => system())
      .filter(({ model }) => (model.distinct ?? Infinity) <= STATES)
      .map((system) => {
        const { plan } = prepare(system);
        if (isRefused(plan)) throw new Error('refused');
        const { engine, plan: inPage } = shown(system, { maxStates: 10 });
        expect(engine.engine).toBe('javascript');
        expect(inPage.layout.leaves).toEqual(plan.layout.leaves);
        return compareEngines(plan, STATES, engine);
      });
    expect(compared.filter(({ difference }) => difference !== undefined)).toEqual([]);
    expect(compared.length).toBeGreaterThan(10);
    expect(compared.reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(500);
  });

  it('is the interpreter where no code can be generated, and does the same', () => {
    const [model] = shownModels([counter(3)]);
    const { code: _, ...rest } = model!;
    const interpreted = subjectOf(rest)!;
    const compiled = subjectOf(model!)!;
    expect([interpreted.engine.engine, compiled.engine.engine]).toEqual(['interpreted', 'javascript']);
    const [start] = initialMoves(compiled).moves;
    expect(movesFrom(interpreted, start!.words)).toEqual(movesFrom(compiled, start!.words));
  });
});

/** Counts up to a limit by one or by two, and fails beyond it; `either` makes two ways of one instance. */
function counter(limit: number) {
  const x = ir.variable('x', ir.intDomain(0, limit));
  const add = (amount: number) =>
    ir.assign(ir.variablePlace('x', ir.intDomain(0, limit)), ir.operation('add', x, ir.literal(amount)));
  return ir.system(
    { x: ir.intDomain(0, limit) },
    { actions: [ir.action('count', {}, ir.either([add(1)], [add(2)], [add(1)]))] },
  );
}

describe('the moves from a state', () => {
  it('are each way once, by its place among all successors', () => {
    const subject = shown(counter(5));
    const [start] = initialMoves(subject).moves;
    const { moves, failing } = movesFrom(subject, start!.words);
    expect(moves.map(({ index, words }) => [index, words[0]])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(failing).toEqual([]);
  });

  it('leave out a step that fails, which the interpreter explains', () => {
    const subject = shown(counter(1));
    const state = Int32Array.of(1);
    const { moves, failing } = movesFrom(subject, state);
    expect([moves.length, failing]).toEqual([0, [0]]);
    expect(failureIn(subject, 0, state)?.message).toBe('2 is outside 0 … 1');
  });
});

describe('the state graph', () => {
  it('has the states and steps that a check counts', () => {
    const systems = specModels(/peterson|die-hard/)
      .map(({ system }) => system())
      .filter(({ model }) => (model.distinct ?? 1000) <= 300);
    expect(systems.length).toBeGreaterThan(1);
    for (const system of systems) {
      const subject = shown(system);
      const graph = smallGraph(subject)!;
      const { distinct, initial } = subject.model.result.statistics;
      expect(graph.nodes.length).toBe(distinct);
      expect(graph.nodes.filter(({ isInitial }) => isInitial).length).toBe(initial);
      for (const node of graph.nodes) {
        let state = initialMoves(subject).moves[node.initial]!.words;
        for (const choice of node.choices) {
          state = movesFrom(subject, state).moves.find(({ index }) => index === choice)!.words;
        }
        expect(state).toEqual(node.words);
      }
    }
  });

  it('is not drawn beyond its limit', () => {
    expect(smallGraph(shown(counter(299)))?.nodes.length).toBe(300);
    expect(smallGraph(shown(counter(300)))).toBeUndefined();
  });
});
