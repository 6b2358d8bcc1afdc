import { describe, expect, it } from 'vitest';
import { projected } from '../../../checker/liveness/lasso.ts';
import type { Edge } from '../../../checker/liveness/edge.ts';
import { STUTTER } from '../../../checker/search/path.ts';

/** So many states of the graph; a vertex `n'` is state `n` with another state of the automaton. */
const STATES = 10;
const places = { stateOf: (vertex: number): number => vertex % STATES };

/** `'0 1 1 2'`: from vertex to vertex; a step has the number `10 * from + to`, and one that stays stutters. */
function edges(notation: string): readonly Edge[] {
  const vertices = notation
    .split(' ')
    .filter((text) => text !== '')
    .map((text) => (text.endsWith("'") ? STATES : 0) + Number.parseInt(text, 10));
  return vertices.slice(1).map((to, index): Edge => {
    const from = vertices[index]!;
    const [source, target] = [places.stateOf(from), places.stateOf(to)];
    return { from, to, step: source === target ? STUTTER : 10 * source + target, transition: 0 };
  });
}

function shown(edgesOf: readonly Edge[]): string {
  return edgesOf.map(({ from, to, step }) => (step === STUTTER ? `${from}~` : `${from}>${to}`)).join(' ');
}

describe('what a lasso of the product does in the state graph', () => {
  it.each([
    ['nothing else', '0 1', "1 2 1'", '0>1', '1>2 2>1', 3],
    ['without stuttering on the way', "0 0' 1", "1 1' 2 1", '0>1', '1>2 2>1', 3],
    ['stuttering alone, told as no steps', '0 1', "1 1' 1", '0>1', '', 1],
    ['going round once instead of twice', '0', "0 1 0' 1' 0", '', '0>1 1>0', 2],
    ['going round once instead of three times', '', "0 1 0' 1 0' 1' 0", '', '0>1 1>0', 2],
    ['both rounds where they differ', '', "0 1 0 2 0'", '', '0>1 1>0 0>2 2>0', 4],
    ['a loop that begins as early as it can', '0 1 2 1 2', '2 1 2', '0>1', '1>2 2>1', 3],
    ['a stem that is part of the loop', "0 1 0' 1'", "1' 0 1'", '', '0>1 1>0', 2],
    ['a stem that ends where the loop does by another way', '0 3 1', '1 2 1', '0>3 3>1', '1>2 2>1', 4],
  ])('is %s', (_, stem, loop, expectedStem, expectedLoop, length) => {
    const found = projected(places, { start: 0, stem: edges(stem), loop: edges(loop) }, false);
    expect([shown(found.stem), shown(found.loop!), found.length]).toEqual([expectedStem, expectedLoop, length]);
  });

  it('keeps stuttering where an atom speaks of steps', () => {
    const lasso = { start: 10, stem: edges("0 0' 1"), loop: edges("1 1' 2 1") };
    const found = projected(places, lasso, true);
    expect(found.start).toBe(0);
    expect([shown(found.stem), shown(found.loop!), found.length]).toEqual(['0~ 0>1', '1~ 1>2 2>1', 5]);
  });

  it('stays a finite run', () => {
    const found = projected(places, { start: 0, stem: edges("0 0' 1"), loop: undefined }, false);
    expect([shown(found.stem), found.loop, found.length]).toEqual(['0>1', undefined, 1]);
  });

  it('tells apart steps that lead to one state from another', () => {
    const two = { from: 1, to: 0, transition: 0 };
    const loop: Edge[] = [
      { from: 0, to: 1, step: 1, transition: 0 },
      { ...two, step: 5 },
      { from: 0, to: 1, step: 1, transition: 0 },
      { ...two, step: 6 },
    ];
    expect(projected(places, { start: 0, stem: [], loop }, false).loop).toHaveLength(4);
  });
});
