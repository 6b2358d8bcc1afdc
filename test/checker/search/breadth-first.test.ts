import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAILED } from '../../../checker/engine/next-state.ts';
import type { NextState } from '../../../checker/engine/next-state.ts';
import { explore } from '../../../checker/search/breadth-first.ts';
import type { Exploration, Finding, Questions, SearchOptions } from '../../../checker/search/exploration.ts';
import { pathTo } from '../../../checker/search/path.ts';
import { engineOf, states, tiny } from '../liveness/tiny-graph.ts';
import type { TinyGraph } from '../liveness/tiny-graph.ts';

type Asked = Partial<Record<keyof Questions, readonly string[]>>;

/** Explores a graph; questions are given as the states where their predicates hold. */
function run(
  graph: TinyGraph,
  asked: Asked = {},
  options: Partial<SearchOptions> = {},
  failing: Parameters<typeof engineOf>[2] = [],
): { exploration: Exploration; engine: NextState; story: (finding: Finding | undefined) => string } {
  const predicates: (readonly number[])[] = [];
  const numbers = (list: readonly string[] = []): number[] => list.map((text) => predicates.push(states(text)) - 1);
  const questions: Questions = {
    invariants: numbers(asked.invariants),
    steps: numbers(asked.steps),
    sometimes: numbers(asked.sometimes),
    terminal: numbers(asked.terminal),
    within: numbers(asked.within),
  };
  const engine = engineOf(graph, predicates, failing);
  const settings = { instances: graph.actions.length, deadlock: true, keepSteps: true, stopAtFirst: false, ...options };
  const exploration = explore(engine, questions, settings);
  const story = (finding: Finding | undefined): string => {
    if (finding === undefined) return 'none';
    const path = pathTo(engine, exploration, finding);
    return path.states
      .map((state, index) => (index === 0 ? '' : `${graph.actions[path.instances[index - 1]!]} `) + String(state[0]))
      .join(' ');
  };
  return { exploration, engine, story };
}

function counts({ exploration }: { exploration: Exploration }): readonly number[] {
  const { initial, states: set, transitions, depth } = exploration;
  return [initial, set.count, transitions, depth];
}

describe('counting', () => {
  it.each([
    ['a lone state', '0', [0], [1, 1, 0, 0]],
    ['a chain', '0 -a> 1, 1 -a> 2, 2 -a> 3', [0], [1, 4, 3, 3]],
    ['a diamond', '0 -a> 1, 0 -b> 2, 1 -b> 3, 2 -a> 3', [0], [1, 4, 4, 2]],
    ['self-loops and duplicates', '0 -a> 0, 0 -a> 1, 0 -b> 1, 1 -a> 0', [0], [1, 2, 4, 1]],
    ['several initial states, one given twice', '0 -a> 2, 1 -a> 2, 2', [0, 1, 0], [2, 3, 2, 1]],
    ['what cannot be reached', '0 -a> 1, 2 -a> 3', [0], [1, 2, 1, 1]],
  ])('finds the initial and distinct states, transitions and depth of %s', (_, notation, initial, expected) => {
    expect(counts(run(tiny(notation, initial)))).toEqual(expected);
  });

  it('agrees with a plain search on random graphs, and its parents give shortest paths', () => {
    const state = fc.nat(9);
    const edge = fc.record({ from: state, instance: fc.nat(2), to: state });
    fc.assert(
      fc.property(
        fc.array(edge, { maxLength: 20 }),
        fc.uniqueArray(state, { minLength: 1, maxLength: 3 }),
        (edges, initial) => {
          const graph = { states: 10, initial, edges, actions: ['a', 'b', 'c'] };
          const depths = new Map(initial.map((one) => [one, 0]));
          for (const [from, depth] of depths) {
            for (const one of edges) if (one.from === from && !depths.has(one.to)) depths.set(one.to, depth + 1);
          }
          const { exploration, engine } = run(graph);
          const transitions = edges.filter(({ from }) => depths.has(from)).length;
          const expected = [initial.length, depths.size, transitions, Math.max(...depths.values())];
          expect(counts({ exploration })).toEqual(expected);
          const levels = Array.from(
            { length: expected[3]! + 1 },
            (_, depth) => [...depths.values()].filter((one) => one === depth).length,
          );
          expect(exploration.levels).toEqual(levels);
          for (let number = 0; number < exploration.states.count; number += 1) {
            const path = pathTo(engine, exploration, { state: number });
            expect(path.instances.length).toBe(depths.get(exploration.states.wordsOf(number)[0]!));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('counts what each instance does and finds first', () => {
    const { exploration } = run(tiny('0 -a> 1, 0 -b> 1, 1 -b> 2, 2 -b> 2'));
    expect([...exploration.fired]).toEqual([1, 3]);
    expect([...exploration.discovered]).toEqual([1, 1]);
  });

  it('is the same every time', () => {
    const graph = tiny('0 -a> 1, 0 -b> 2, 1 -b> 3, 2 -a> 3, 3 -a> 0');
    const [one, other] = [run(graph).exploration, run(graph).exploration];
    for (let state = 0; state < one.states.count; state += 1) expect(one.parentOf(state)).toBe(other.parentOf(state));
    expect(one.graph!.targets.slice(0, 5)).toEqual(other.graph!.targets.slice(0, 5));
  });
});

describe('judging', () => {
  const graph = tiny('0 -a> 1, 0 -b> 2, 1 -a> 3, 2 -b> 4, 3 -a> 0, 4');

  it('tells of each violation the shortest way, found first among equals', () => {
    const { exploration, story } = run(graph, { invariants: ['0 1 2', '0 1 2 3 4', '0 2 4', '1'] });
    expect(exploration.invariants.map(story)).toEqual(['0 a 1 a 3', 'none', '0 a 1', '0']);
  });

  it('finds the nearest state without successors that is no proper end', () => {
    expect(run(graph).story(run(graph).exploration.deadlock)).toBe('0 b 2 b 4');
    expect(run(graph, { terminal: ['4'] }).exploration.deadlock).toBeUndefined();
    expect(run(graph, { terminal: ['3'] }).exploration.deadlock).toBeDefined();
    expect(run(tiny('0 -a> 0')).exploration.deadlock).toBeUndefined();
    expect(run(graph, {}, { deadlock: false }).exploration.deadlock).toBeUndefined();
  });

  it('judges steps to states already known, but not those that change nothing', () => {
    const { exploration, story } = run(graph, { steps: ['1 2 3 4', '0 1 2 3 4'] });
    expect(exploration.steps.map(story)).toEqual(['0 a 1 a 3 a 0', 'none']);
    expect(run(tiny('0 -a> 0'), { steps: [''] }).exploration.steps).toEqual([undefined]);
  });

  it('finds the nearest witness', () => {
    const { exploration, story } = run(graph, { sometimes: ['3 4', '0', ''] });
    expect(exploration.sometimes.map(story)).toEqual(['0 a 1 a 3', '0', 'none']);
  });

  it('goes on after a violation, and stops there when asked to', () => {
    expect(run(graph, { invariants: ['0'] }).exploration.cut).toBeUndefined();
    expect(run(graph, { invariants: ['0'] }).exploration.states.count).toBe(5);
    const stopped = run(graph, { invariants: ['0'] }, { stopAtFirst: true }).exploration;
    expect(stopped.cut).toEqual({ kind: 'violation' });
    expect(stopped.states.count).toBe(2);
    expect(stopped.graph!.size).toBe(0);
  });

  it('takes a step that fails for a violation, and its state for no deadlock', () => {
    const { exploration, story } = run(graph, {}, {}, [{ state: 4, instance: 1 }]);
    expect(exploration.evaluation).toEqual({ state: 4, failedInstance: 1 });
    expect(story(exploration.evaluation)).toBe('0 b 2 b 4');
    expect(exploration.deadlock).toBeUndefined();
  });

  it('takes a predicate that fails for a violation of it and of evaluation', () => {
    const plain = engineOf(graph, [[0, 1, 2, 3, 4]]);
    const engine: NextState = {
      ...plain,
      holds: (predicate, source, at) => (source[at] === 3 ? FAILED : plain.holds(predicate, source, at)),
    };
    const questions = { invariants: [0], steps: [], sometimes: [], terminal: [], within: [] };
    const options = { instances: 2, deadlock: true, keepSteps: false, stopAtFirst: false };
    const exploration = explore(engine, questions, options);
    expect(exploration.invariants).toEqual([{ state: 3, failedPredicate: 0 }]);
    expect(exploration.evaluation).toEqual({ state: 3, failedPredicate: 0 });
  });
});

describe('limits', () => {
  const chain = tiny('0 -a> 1, 1 -a> 2, 1 -b> 3, 2 -a> 4, 3 -a> 0, 4 -a> 0');

  it('stores no more states than allowed and says so', () => {
    const { exploration } = run(chain, {}, { maxStates: 3 });
    expect(exploration.cut).toEqual({ kind: 'states', limit: 3 });
    expect(exploration.states.count).toBe(3);
    // State 1 could not be expanded to its end, so its steps are not known.
    expect(exploration.graph!.size).toBe(1);
  });

  it('is not cut by a limit that is just enough', () => {
    expect(run(chain, {}, { maxStates: 5 }).exploration.cut).toBeUndefined();
    expect(run(chain, {}, { maxStates: 4 }).exploration.cut).toEqual({ kind: 'states', limit: 4 });
  });

  it('judges the states outside `within` that it meets, but neither keeps nor passes them', () => {
    const { exploration, story } = run(chain, {
      within: ['0 1 2'],
      invariants: ['0 1 2', '0 1 2 3'],
      sometimes: ['4'],
    });
    expect([...exploration.leftWithin]).toHaveLength(1);
    expect(exploration.cut).toBeUndefined();
    expect(counts({ exploration })).toEqual([1, 3, 4, 2]);
    expect(exploration.invariants.map(story)).toEqual(['0 a 1 b 3', '0 a 1 a 2 a 4']);
    expect(exploration.sometimes.map(story)).toEqual(['0 a 1 a 2 a 4']);
    expect(exploration.deadlock).toBeUndefined();
    expect([...exploration.graph!.targets.slice(0, 4)]).toEqual([1, 2, -1, -1]);
  });

  it('does not keep initial states outside `within`', () => {
    const { exploration, story } = run(tiny('0 -a> 1, 2 -a> 0', [2, 0]), { within: ['0 1'], invariants: ['0 1'] });
    expect(counts({ exploration })).toEqual([1, 2, 1, 1]);
    expect(exploration.invariants.map(story)).toEqual(['2']);
  });

  it('says nothing of a `within` that cuts nothing', () => {
    expect(run(chain, { within: ['0 1 2 3 4'] }).exploration.leftWithin.size).toBe(0);
  });

  it('asks whether to go on, and keeps what it has found', () => {
    const count = 5000;
    const long: TinyGraph = {
      states: count,
      initial: [0],
      edges: [],
      actions: ['a'],
    };
    const engine: NextState = {
      ...engineOf(long),
      engine: 'javascript',
      successors: (source, at, out) => {
        const state = source[at]!;
        if (state + 1 === count) return;
        const place = out.reserve();
        out.states[place] = state + 1;
        out.instances[out.count] = 0;
        out.count += 1;
      },
    };
    const questions = { invariants: [], steps: [], sometimes: [], terminal: [], within: [] };
    const seen: number[] = [];
    const options = { instances: 1, deadlock: true, keepSteps: true, stopAtFirst: false };
    const exploration = explore(engine, questions, {
      ...options,
      poll: ({ distinct }) => {
        seen.push(distinct);
        return seen.length === 2 ? { kind: 'interrupted' } : undefined;
      },
    });
    expect(seen).toEqual([1024, 2048]);
    expect(exploration.cut).toEqual({ kind: 'interrupted' });
    expect(exploration.graph!.size).toBe(2047);
  });

  it('ends with what it has when there is no memory for more', () => {
    const plain = engineOf(chain);
    const engine: NextState = {
      ...plain,
      successors: (source, at, out) => {
        if (source[at] === 2) throw new RangeError('Array buffer allocation failed');
        plain.successors(source, at, out);
      },
    };
    const questions = { invariants: [], steps: [], sometimes: [], terminal: [], within: [] };
    const exploration = explore(engine, questions, {
      instances: 2,
      deadlock: true,
      keepSteps: true,
      stopAtFirst: false,
    });
    expect(exploration.cut).toEqual({ kind: 'memory' });
    expect(exploration.graph!.size).toBe(2);
  });
});
